/** Mailboxes as files, and the same mailboxes made of them again. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Folder } from "../../contract/folders.ts";
import { MAX_MESSAGE_BYTES } from "../../contract/limits.ts";
import { parseRawLocation } from "../../contract/r2-keys.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { anEntry, anMbox, importFile } from "./import-files.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, ADMIN_SECRET, aLetter, asAdmin, eventually, fetchMesh, ingest } from "./mesh.ts";

async function exported(account: Account, query = ""): Promise<Uint8Array> {
  const answer = await account.call("GET", `/export${query}`);
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

/**
 * Everything of a mailbox that an owner sees, without what is only ever this mailbox's own: ids, the key of bytes, and
 * what was found out about a message when it came, which no file that somebody brings is trusted to say.
 */
async function mailboxOf(account: Account) {
  const [messages, folders] = await runInDurableObject(account.stub, (_object, { storage }) => {
    const db = drizzle(storage, { schema: tables });
    return [db.select().from(tables.message).all(), db.select().from(tables.folder).all()] as const;
  });
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const pathOf = (id: number): string => {
    const folder = byId.get(id);
    return folder === undefined ? "" : `${pathOf(folder.parent_id)}/${folder.name}`;
  };
  const threads = Map.groupBy(messages, ({ thread_id }) => thread_id);
  return Promise.all(
    messages
      .sort((a, b) => a.id - b.id)
      .map(async (message) => {
        const { id, thread_id, raw_key, folder_ids, fingerprint: _fingerprint, added_fields, ...kept } = message;
        const { authentication: _a, spam: _s, learnt_as: _l, warnings: _w, ...others } = kept;
        const { attachment_scan: _f, list_unsubscribe: _u, ...row } = others;
        const object = await env.MAIL.get(parseRawLocation(raw_key).key);
        const raw = new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer());
        return {
          ...row,
          received_at: Math.floor(id / 1024),
          thread: threads
            .get(thread_id)
            ?.map(({ rfc_message_id }) => rfc_message_id)
            .sort(),
          folders: folder_ids.map(pathOf).sort(),
          whole: `${added_fields}${await sha256Hex(raw)}`,
        };
      }),
  );
}

/** A mailbox with everything that gets lost on the way: flags, several folders, drafts, Bcc, odd line ends, threads. */
async function aLivedInMailbox(): Promise<Account> {
  const alice = await aCheckedAccount();
  const question = aLetter({ id: "q@far.example", subject: "Lunch?", from: "Zoe <zoe@far.example>" });
  await ingest("zoe@far.example", alice.email, question);
  await ingest("", alice.email, aLetter({ subject: "A report", body: "From here\r\n>From there" }));
  await ingest(
    "zoe@far.example",
    alice.email,
    "Subject: bare LF\nX-Mailmesh: {}\n\nFrom x Tue Nov 24 08:00:00 2026\nno end",
  );
  await ingest("zoe@far.example", alice.email, aLetter({ subject: "Große Anlage", body: "x".repeat(200_000) }));
  const work = await ok(alice.call("POST", "/folders", { name: "Réunions / a".replace(" / ", " ") }), Folder, 201);
  const year = await ok(alice.call("POST", "/folders", { name: "2024", parent_id: work.id }), Folder, 201);
  const inbox = await alice.folder("inbox");
  const [large, bare, report, asked] = await alice.messages();
  await alice.call("PATCH", `/messages/${asked?.id}`, {
    is_read: true,
    is_flagged: true,
    folder_ids: [inbox.id, year.id],
  });
  await alice.call("PATCH", `/messages/${bare?.id}`, { folder_ids: [work.id] });
  await done(alice.call("DELETE", `/messages/${report?.id}`));
  await alice.call("PATCH", `/messages/${large?.id}`, { is_read: true });
  await alice.call("POST", "/messages", {
    ...{ to: [{ email: "zoe@far.example" }], bcc: [{ email: "secret@far.example" }] },
    ...{ subject: "Re: Lunch?", body: "At one.", in_reply_to: asked?.id, undo_seconds: 0 },
  });
  await alice.call("POST", "/drafts", { subject: "Not done", body: "Dear …" });
  await importFile(alice, anMbox(anEntry({ extra: "X-Status: A\n", subject: "answered" })));
  return alice;
}

describe("an export as mbox", () => {
  it("imported into another account makes the same mailbox", async () => {
    const alice = await aLivedInMailbox();
    const bob = await aCheckedAccount();
    const file = await exported(alice);
    const imported = await importFile(bob, file, 50_000);
    expect(imported).toMatchObject({ imported: 7, already_here: 0, unreadable: 0 });
    expect(await mailboxOf(bob)).toEqual(await mailboxOf(alice));
    for (const account of [alice, bob]) {
      const before = await mailboxOf(account);
      expect(await importFile(account, await exported(account))).toMatchObject({ imported: 0, already_here: 7 });
      expect(await mailboxOf(account)).toEqual(before);
    }
  });

  it("has the largest message that is taken, and an import takes it again", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    const head = aLetter({ subject: "large", body: "" });
    const line = `${"x".repeat(70)}\r\n`;
    const body = line.repeat(Math.floor((MAX_MESSAGE_BYTES - head.length) / line.length));
    await ingest("zoe@far.example", alice.email, (head + body).padEnd(MAX_MESSAGE_BYTES, "x"));
    for (const query of ["", "?format=zip"]) await importFile(bob, await exported(alice, query), 16 * 1024 * 1024);
    const [hers, his] = [await alice.messages(), await bob.messages()];
    expect(his.map(({ size, received_at }) => ({ size, received_at }))).toEqual(
      hers.map(({ size, received_at }) => ({ size, received_at })),
    );
  });

  it("has a separator and a mark in front of each message, and the line ends of Unix", async () => {
    const alice = await aCheckedAccount();
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "Hello" }));
    const text = new TextDecoder().decode(await exported(alice));
    expect(text).toMatch(
      /^From zoe@far\.example \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} remote from mailmesh\nStatus: O\nX-Status: \nX-Mailmesh: \{\n/,
    );
    expect(text).toContain("\n }\nReturn-Path: <zoe@far.example>\nReceived: ");
    expect(text).not.toContain("\r");
  });

  it("is what was asked for: a folder, a view, or what a search finds", async () => {
    const alice = await aLivedInMailbox();
    const subjects = async (query: string) =>
      Array.from(
        new TextDecoder().decode(await exported(alice, query)).matchAll(/^Subject: (.*)$/gm),
        ([, subject]) => subject,
      ).sort();
    const folders = await ok(alice.call("GET", "/folders"), z.array(Folder));
    const id = (name: string) => folders.find((folder) => folder.name === name)?.id;
    expect(await subjects(`?folder=${id("2024")}`)).toEqual(["Lunch?"]);
    expect(await subjects(`?folder=${id("Trash")}`)).toEqual(["A report"]);
    expect(await subjects(`?folder=${id("Flagged")}`)).toEqual(["Lunch?"]);
    expect(await subjects(`?q=${encodeURIComponent("subject:lunch")}`)).toEqual(["Lunch?", "Re: Lunch?"]);
    expect(await subjects("?q=nothing-has-this-word")).toEqual([]);
  });

  it("goes on over pages, oldest first, and has what is asked in the first", async () => {
    const alice = await aCheckedAccount();
    await importFile(alice, anMbox(...Array.from({ length: 250 }, (_, n) => anEntry({ subject: `No. ${n}` }))));
    for (const query of ["", "?q=good+morning"]) {
      const text = new TextDecoder().decode(await exported(alice, query));
      expect(text.match(/^Subject: No\. \d+$/gm)).toHaveLength(250);
    }
  });

  it("refuses what cannot be, before it begins", async () => {
    const alice = await aCheckedAccount();
    const inbox = await alice.folder("inbox");
    expect(await problemAt(alice.call("GET", "/export?format=pst"))).toBe("bad_request query.format");
    expect(await problemAt(alice.call("GET", `/export?folder=${inbox.id}&q=x`))).toBe("bad_request query");
    expect(await problemAt(alice.call("GET", "/export?folder=00000000000"))).toBe("not_found");
    expect(await problemAt(fetchMesh("/v1/export"))).toBe("unauthenticated");
    expect(await exported(alice)).toHaveLength(0);
  });
});

describe("an export as zip", () => {
  it("imported into another account makes the same messages in the same folders", async () => {
    const alice = await aLivedInMailbox();
    const bob = await aCheckedAccount();
    const imported = await importFile(bob, await exported(alice, "?format=zip"));
    // A message in two folders is in the zip twice.
    expect(imported).toMatchObject({ format: "zip", imported: 7, already_here: 1, unreadable: 0 });
    // What stands in no file's name and in no field of the message is not in a zip: that is what mbox is for.
    const seen = (all: Awaited<ReturnType<typeof mailboxOf>>) =>
      all.map(({ subject, folders, is_read, is_flagged, is_draft, received_at, size, keywords }) => {
        return { subject, folders, is_read, is_flagged, is_draft, received_at, size, keywords };
      });
    expect(seen(await mailboxOf(bob))).toEqual(seen(await mailboxOf(alice)));
  });
});

describe("an operator", () => {
  it("brings mail in and takes it out without the owner's password", async () => {
    const alice = await aCheckedAccount();
    const mbox = new TextEncoder().encode(anMbox(anEntry({ subject: "By the operator" })));
    const base = `/accounts/${alice.email}/imports`;
    const { id } = await ok(asAdmin("POST", base, { size: mbox.byteLength }), z.object({ id: z.string() }), 201);
    const authorization = { authorization: `Bearer ${ADMIN_SECRET}` };
    await fetchMesh(`/v1/admin${base}/${id}/parts/0`, { method: "PUT", headers: authorization, body: mbox });
    await eventually(async () => (await alice.messages()).length === 1);
    const file = await fetchMesh(`/v1/admin/accounts/${alice.email}/export`, { headers: authorization });
    expect(await new Response(file.body).text()).toContain("\nSubject: By the operator\n");
    await eventually(
      async () => ((await (await asAdmin("GET", `${base}/${id}`)).json()) as { state: string }).state === "done",
    );
  });

  it("is one who has the admin secret, and the account is one that is here", async () => {
    const alice = await aCheckedAccount();
    const path = `/v1/admin/accounts/${alice.email}/export`;
    expect(await problemAt(fetchMesh(path))).toBe("unauthenticated");
    expect(await problemAt(fetchMesh(path, { headers: { authorization: `Bearer ${alice.token}` } }))).toBe(
      "unauthenticated",
    );
    expect(await problemAt(asAdmin("GET", `/accounts/nobody@${alice.email.split("@")[1]}/export`))).toBe("not_found");
    expect(await problemAt(asAdmin("GET", "/accounts/nonsense/imports"))).toBe("bad_request param.email");
  });
});
