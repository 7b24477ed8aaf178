/** Mail from files, as an owner brings it in through the API. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Changes } from "../../contract/changes.ts";
import { Folder } from "../../contract/folders.ts";
import { ImportList } from "../../contract/imports.ts";
import { MAX_IMPORTED_MESSAGE_BYTES } from "../../contract/limits.ts";
import { MessagePage, Thread } from "../../contract/messages.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { anEntry, anMbox, FROM_LINE, importFile, over, putPart, read, upload } from "./import-files.ts";
import { aCheckedAccount, keysUnder } from "./mailbox-invariants.ts";
import { type Account, aLetter, asAdmin, ingest } from "./mesh.ts";

const subjects = (messages: { subject: string }[]): string[] => messages.map(({ subject }) => subject);
const folders = (account: Account): Promise<Folder[]> => ok(account.call("GET", "/folders"), z.array(Folder));

async function inFolder(account: Account, name: string): Promise<string[]> {
  const folder = (await folders(account)).find((one) => one.name === name);
  const page = await ok(account.call("GET", `/folders/${folder?.id}/messages?limit=100`), MessagePage);
  return subjects(page.messages);
}

describe("an mbox", () => {
  it("of 1,000 messages is there once, with its dates, although it is imported twice", {
    timeout: 120_000,
  }, async () => {
    const alice = await aCheckedAccount();
    const at = (n: number) => new Date(Date.UTC(2020, 0, 1) + n * 3_600_000).toUTCString().replace("GMT", "+0000");
    const mbox = Array.from(
      { length: 1000 },
      (_, n) =>
        `From x@y Sat Jan 01 12:00:00 2022\n${anEntry({ subject: `No. ${n}`, extra: `Received: by x; ${at(n)}\n` })}\n`,
    ).join("");
    const first = await over(alice, (await upload(alice, mbox, 100_000)).id, 100);
    expect(first).toMatchObject({
      state: "done",
      format: "mbox",
      imported: 1000,
      already_here: 0,
      unreadable: 0,
      report: [],
    });
    expect(first.bytes_read).toBe(first.size);
    const second = await over(alice, (await upload(alice, mbox)).id, 100);
    expect(second).toMatchObject({ state: "done", imported: 0, already_here: 1000 });
    expect(await alice.folder("all")).toMatchObject({ total: 1000, unread: 0 });
    const [newest] = await alice.messages();
    expect(newest).toMatchObject({
      subject: "No. 999",
      received_at: new Date(Date.UTC(2020, 0, 1) + 999 * 3_600_000).toISOString(),
    });
  });

  it("gives each message its very bytes", async () => {
    const alice = await aCheckedAccount();
    const message = anEntry({ body: "From here\n\n>From there\n8-bit: \u00fc" });
    await importFile(alice, anMbox(message.replaceAll(/^(>*From )/gm, ">$1")));
    const [found] = await alice.messages();
    const raw = await alice.call("GET", `/messages/${found?.id}/raw`);
    expect(await raw.text()).toBe(message);
  });

  it("puts conversations together in whatever order it has them", async () => {
    const alice = await aCheckedAccount();
    const question = anEntry({ id: "q", subject: "Lunch?" });
    const answer = anEntry({ id: "a", subject: "Re: Lunch?", extra: "In-Reply-To: <q@far.example>\n" });
    const third = anEntry({ id: "b", subject: "Re: Lunch?", extra: "References: <q@far.example> <a@far.example>\n" });
    await importFile(alice, anMbox(third, answer, question));
    const messages = await alice.messages();
    const [thread, ...others] = new Set(messages.map(({ thread_id }) => thread_id));
    expect(others).toEqual([]);
    expect((await ok(alice.call("GET", `/threads/${thread}`), Thread)).messages).toHaveLength(3);
  });

  it("does not let a stranger into a conversation", async () => {
    const alice = await aCheckedAccount();
    const extra = "Delivered-To: alice@mesh.test\nIn-Reply-To: <q@far.example>\n";
    const stranger = anEntry({ subject: "Re: Lunch?", from: "eve@evil.example", extra });
    await importFile(alice, anMbox(stranger, anEntry({ id: "q", subject: "Lunch?" })));
    expect(new Set((await alice.messages()).map(({ thread_id }) => thread_id)).size).toBe(2);
  });

  it("says what it could not read, where and why, and reads the rest", async () => {
    const alice = await aCheckedAccount();
    const large = anEntry({ body: "x".repeat(MAX_IMPORTED_MESSAGE_BYTES) });
    const deleted = anEntry({ extra: "X-Mozilla-Status: 0009\n" });
    const imported = await importFile(
      alice,
      anMbox(anEntry({ subject: "first" }), large, deleted, anEntry({ subject: "last" })),
      8_000_000,
    );
    expect(imported).toMatchObject({ imported: 2, unreadable: 2 });
    expect(imported.report.map(({ reason }) => reason)).toEqual(["too_large", "deleted"]);
    expect(imported.report[0]?.where).toMatch(/^byte \d+$/);
    expect(subjects(await alice.messages()).sort()).toEqual(["first", "last"]);
  });

  it("keeps two messages without Message-ID and Date apart by their time, and knows them again", async () => {
    const alice = await aCheckedAccount();
    const cron = "From: cron@host.example\nSubject: cron\n\nDone.\n";
    const mbox = `${FROM_LINE}${cron}\n${FROM_LINE.replace("08:00", "09:00")}${cron}\n`;
    expect(await importFile(alice, mbox)).toMatchObject({ imported: 2 });
    expect(await importFile(alice, mbox)).toMatchObject({ imported: 0, already_here: 2 });
  });
});

describe("Gmail Takeout", () => {
  const labelled = (labels: string, subject: string) =>
    anEntry({ extra: `X-GM-THRID: 1\nX-Gmail-Labels: ${labels}\n`, subject });

  it("has its labels as folders, and what was read and starred", async () => {
    const alice = await aCheckedAccount();
    await importFile(
      alice,
      anMbox(
        labelled("Inbox,Unread,Starred", "a"),
        labelled("Sent,Opened,Work/2024", "b"),
        labelled("=?UTF-8?Q?R=C3=A9unions,Work?=", "c"),
        labelled("Spam", "d"),
        labelled("Drafts", "e"),
        labelled("Archived,Category Updates", "f"),
        labelled('"Bills, paid"', "g"),
      ),
    );
    const placed = Object.fromEntries(
      await Promise.all(
        ["Inbox", "Sent", "Work", "2024", "Réunions", "Junk", "Drafts", "Archive", "Bills, paid"].map(async (name) => [
          name,
          await inFolder(alice, name),
        ]),
      ),
    );
    expect(placed).toEqual({
      ...{ Inbox: ["a"], Sent: ["b"], Work: ["c"], "2024": ["b"], Réunions: ["c"] },
      ...{ Junk: ["d"], Drafts: ["e"], Archive: ["f"], "Bills, paid": ["g"] },
    });
    expect(await alice.messages()).toMatchObject([{ subject: "a", is_read: false, is_flagged: true }]);
    expect(await alice.messages("flagged")).toHaveLength(1);
    const work = (await folders(alice)).find(({ name }) => name === "Work");
    expect((await folders(alice)).find(({ name }) => name === "2024")?.parent_id).toBe(work?.id);
  });

  it("of another day, with other labels, adds the labels and no message", async () => {
    const alice = await aCheckedAccount();
    const message = (labels: string) => anMbox(`X-Gmail-Labels: ${labels}\n${anEntry({ id: "same", subject: "x" })}`);
    await importFile(alice, message("Inbox,Unread"));
    expect(await importFile(alice, message("Work,Starred,Opened"))).toMatchObject({ imported: 0, already_here: 1 });
    expect([await inFolder(alice, "Inbox"), await inFolder(alice, "Work")]).toEqual([["x"], ["x"]]);
    // What the owner has marked since is not undone.
    expect(await alice.messages("all")).toMatchObject([{ is_read: false, is_flagged: false }]);
  });

  it("has what came by mail as well: once, in the folders of both", async () => {
    const alice = await aCheckedAccount();
    const letter = aLetter({ subject: "forwarded too" });
    await ingest("zoe@far.example", alice.email, letter);
    const taken = `X-GM-THRID: 1\nX-Gmail-Labels: Archived,Work\n${letter.replaceAll("\r\n", "\n")}`;
    expect(await importFile(alice, anMbox(taken))).toMatchObject({ imported: 0, already_here: 1 });
    expect([await inFolder(alice, "Inbox"), await inFolder(alice, "Work")]).toEqual([
      ["forwarded too"],
      ["forwarded too"],
    ]);
  });
});

describe("a file", () => {
  it("may be one message", async () => {
    const alice = await aCheckedAccount();
    const letter = aLetter({ subject: "One" });
    expect(await importFile(alice, letter)).toMatchObject({ format: "eml", imported: 1 });
    expect(await alice.messages()).toMatchObject([
      { subject: "One", is_read: true, received_at: "2026-11-24T03:00:00.000Z" },
    ]);
  });

  it("that is nothing of ours fails, and says so", async () => {
    const alice = await aCheckedAccount();
    const failed = await over(alice, (await upload(alice, "%PDF-1.7 not mail")).id);
    expect(failed).toMatchObject({ state: "failed", report: [{ reason: "not_an_archive" }] });
  });

  it("that came by mail before, over whatever hops, is not added again", async () => {
    const alice = await aCheckedAccount();
    const letter = aLetter({ subject: "Both ways" });
    await ingest("zoe@far.example", alice.email, letter);
    const elsewhere = `Received: by another hop; Tue, 24 Nov 2026 03:00:01 +0000\r\n${letter}`;
    expect(await importFile(alice, elsewhere)).toMatchObject({ imported: 0, already_here: 1 });
    expect(await alice.messages()).toMatchObject([{ is_read: false }]);
  });

  it("that comes by mail after it was imported is not delivered again", async () => {
    const alice = await aCheckedAccount();
    const letter = aLetter({ extra: `Received: by x; ${new Date().toUTCString().replace("GMT", "+0000")}\r\n` });
    await importFile(alice, letter);
    await ingest("zoe@far.example", alice.email, letter);
    expect(await alice.messages()).toHaveLength(1);
  });

  it("that has no room is told of, message by message, and the mailbox stays within its quota", async () => {
    const alice = await aCheckedAccount();
    await done(asAdmin("PUT", `/accounts/${alice.email}/quota`, { quota_bytes: 50_000 }));
    const mbox = anMbox(
      ...Array.from({ length: 10 }, (_, n) => anEntry({ subject: `No. ${n}`, body: "x".repeat(9000) })),
    );
    const imported = await importFile(alice, mbox);
    expect(imported).toMatchObject({ imported: 5, unreadable: 5 });
    expect(imported.report[0]).toMatchObject({ reason: "over_quota" });
    await done(asAdmin("PUT", `/accounts/${alice.email}/quota`, { quota_bytes: 0 }));
    expect(await importFile(alice, mbox)).toMatchObject({ imported: 5, already_here: 5 });
  });

  it("keeps its date although the mailbox is made anew from the store", async () => {
    const alice = await aCheckedAccount();
    await importFile(
      alice,
      anMbox(anEntry({ subject: "old", extra: "Received: by x; Sat, 1 Jan 2011 00:00:00 +0000\n" })),
    );
    const [message] = await alice.messages();
    await ok(asAdmin("POST", `/accounts/${alice.email}/rebuild`, { after: "" }), z.object({ refreshed: z.literal(1) }));
    expect(await alice.messages()).toEqual([message]);
    const [key] = await keysUnder(`raw/${alice.user_id}/`);
    const name = key?.split("/").at(-1)?.split("-")[0] ?? "";
    expect(Number.parseInt(name, 36)).toBe(Date.UTC(2011, 0, 1));
  });

  it("is thrown away by its owner and imported again: it stays thrown away", async () => {
    const alice = await aCheckedAccount();
    const mbox = anMbox(anEntry());
    await importFile(alice, mbox);
    const [message] = await alice.messages();
    await done(alice.call("DELETE", `/messages/${message?.id}`));
    expect(await importFile(alice, mbox)).toMatchObject({ already_here: 1 });
    expect([await alice.messages(), (await alice.messages("trash")).length]).toEqual([[], 1]);
  });
});

describe("an upload", () => {
  it("takes parts in their order, each once, and tells which is next", async () => {
    const alice = await aCheckedAccount();
    const mbox = anMbox(anEntry({ subject: "In parts" }));
    const made = await upload(alice, mbox.slice(0, 1)).catch(() => null);
    expect(made).not.toBeNull();
    const file = new TextEncoder().encode(mbox);
    const begun = await ok(
      alice.call("POST", "/imports", { name: "x.mbox", size: file.byteLength }),
      z.object({ id: z.string() }),
      201,
    );
    expect(await problemAt(putPart(alice, begun.id, 1, file.slice(10)))).toBe("conflict");
    await putPart(alice, begun.id, 0, file.slice(0, 10));
    await putPart(alice, begun.id, 0, file.slice(0, 10));
    expect(await read(alice, begun.id)).toMatchObject({
      state: "uploading",
      uploaded: 10,
      next_part: 1,
      name: "x.mbox",
    });
    await putPart(alice, begun.id, 1, file.slice(10));
    expect(await over(alice, begun.id)).toMatchObject({ state: "done", imported: 1 });
    expect(await problemAt(putPart(alice, begun.id, 2, "x"))).toBe("conflict");
  });

  it("refuses what cannot be", async () => {
    const alice = await aCheckedAccount();
    const bob = await aCheckedAccount();
    expect(await problemAt(alice.call("POST", "/imports", { size: 0 }))).toBe("bad_request body.size");
    expect(await problemAt(alice.call("POST", "/imports", { size: 1, format: "pst" }))).toBe("bad_request body.format");
    const { id } = await ok(alice.call("POST", "/imports", { size: 5 }), z.object({ id: z.string() }), 201);
    expect(await problemAt(putPart(alice, id, 0, "123456"))).toBe("bad_request");
    expect(await problemAt(putPart(alice, id, 0, ""))).toBe("bad_request");
    expect(await problemAt(putPart(alice, id, 0, new Uint8Array(17 * 1024 * 1024)))).toBe("request_too_large");
    for (const answer of [
      putPart(bob, id, 0, "12345"),
      bob.call("GET", `/imports/${id}`),
      bob.call("DELETE", `/imports/${id}`),
    ]) {
      expect(await problemAt(answer)).toBe("not_found");
    }
    expect(await problemAt(alice.call("GET", "/imports/nonsense"))).toBe("not_found");
    await done(alice.call("DELETE", `/imports/${id}`));
    expect(await over(alice, id)).toMatchObject({ state: "cancelled" });
    expect((await ok(alice.call("GET", "/imports"), ImportList)).imports).toHaveLength(1);
    for (let n = 0; n < 5; n++) await alice.call("POST", "/imports", { size: 5 });
    expect(await problemAt(alice.call("POST", "/imports", { size: 5 }))).toBe("conflict");
  });

  it("is told of as it goes on", async () => {
    const alice = await aCheckedAccount();
    const before = (await ok(alice.call("GET", "/changes"), Changes)).state;
    const { id } = await importFile(alice, anMbox(anEntry()));
    const changes = await ok(alice.call("GET", `/changes?since=${before}`), Changes);
    expect(changes.import).toEqual({ created: [id], changed: [], destroyed: [] });
    expect(changes.message.created).toHaveLength(1);
  });

  it("brings in a mailbox that has mail already, and mail that comes meanwhile", async () => {
    const alice = await aCheckedAccount();
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "delivered" }));
    const running = await upload(
      alice,
      anMbox(...Array.from({ length: 120 }, (_, n) => anEntry({ subject: `No. ${n}` }))),
    );
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "meanwhile" }));
    expect(await over(alice, running.id)).toMatchObject({ imported: 120 });
    expect(await alice.folder("all")).toMatchObject({ total: 122, unread: 2 });
  });
});
