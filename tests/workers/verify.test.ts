/** An operator's look at one mailbox, and its making anew from what lies in R2. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { RebuildPage, VerifyPage } from "../../contract/admin.ts";
import { Sent } from "../../contract/messages.ts";
import { blobKey, waitingKey } from "../../contract/r2-keys.ts";
import { blobsOf, unpackSkeleton } from "../../contract/split-manifest.ts";
import { createDraft } from "../../durable-objects/mailbox/drafts.ts";
import { fingerprintOf } from "../../mail/fingerprint.ts";
import { deliverWaiting } from "../../workers/inbound/waiting-letters.ts";
import { storeRaw } from "../../workers/storage/raw-messages.ts";
import { readContent } from "../../workers/storage/read-content.ts";
import { ok, problemAt } from "./api-answers.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount, assertInvariants, keysUnder } from "./mailbox-invariants.ts";
import { type Account, aLetter, anAccount, asAdmin, ingest, lines } from "./mesh.ts";

const path = (account: Account, what: string) => `/accounts/${encodeURIComponent(account.email)}/${what}`;

async function problemsOf(account: Account): Promise<string[]> {
  const problems: string[] = [];
  for (let after: number | null = -1; after !== null; ) {
    const page: VerifyPage = await ok(asAdmin("POST", path(account, "verify"), { after }), VerifyPage);
    problems.push(...page.problems.map(({ message }) => message));
    after = page.next;
  }
  return problems;
}

async function rebuild(account: Account): Promise<{ refreshed: number; added: number }> {
  const sum = { refreshed: 0, added: 0 };
  for (let after: string | null = ""; after !== null; ) {
    const page: RebuildPage = await ok(asAdmin("POST", path(account, "rebuild"), { after }), RebuildPage);
    sum.refreshed += page.refreshed;
    sum.added += page.added;
    after = page.next;
  }
  return sum;
}

const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));

async function hoursLater<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 3_600_000 });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}

/** A file that is stored apart, another each time. */
const withFile = (name: string, content = crypto.randomUUID()) =>
  lines(
    "From: zoe@far.example",
    `Subject: ${name}`,
    `Message-ID: <${crypto.randomUUID()}@far.example>`,
    "Content-Type: multipart/mixed; boundary=x",
    "",
    "--x",
    "",
    "See the file.",
    "--x",
    `Content-Type: application/pdf; name=${name}.pdf`,
    "Content-Transfer-Encoding: base64",
    "Content-Disposition: attachment",
    "",
    ...(btoa(content.padEnd(150_000, "0123456789")).match(/.{1,76}/g) ?? []),
    "--x--",
  );

async function aUsedAccount(make = aCheckedAccount): Promise<Account> {
  const alice = await make();
  for (let n = 0; n < 4; n++)
    await ingest("zoe@far.example", alice.email, aLetter({ subject: `letter ${n}`, id: `${n}@b` }));
  await ingest("zoe@far.example", alice.email, withFile("report"));
  const [, first, second] = await alice.messages();
  await alice.call("PATCH", `/messages/${first?.id}`, { is_read: true, is_flagged: true, keywords: ["work"] });
  await alice.call("DELETE", `/messages/${second?.id}`);
  await alice.call("POST", "/drafts", { to: [{ email: "half@" }], subject: "draft" });
  const message = { to: [{ email: "bob@far.example" }], bcc: [{ email: "eve@far.example" }], subject: "sent" };
  await ok(alice.call("POST", "/messages", { ...message, undo_seconds: 120 }), Sent, 202);
  return alice;
}

describe("verify", () => {
  it("finds nothing in a mailbox that was used", async () => {
    expect(await problemsOf(await aUsedAccount())).toEqual([]);
    expect(await problemsOf(await aCheckedAccount())).toEqual([]);
  });

  it.each<[string, string]>([
    ["its folders are not those that its row names", "DELETE FROM folder_message WHERE folder_id = 1"],
    ["it is unread in other folders than it is in", "UPDATE message SET is_read = 0"],
    ["it is not in the index", "DELETE FROM message_index"],
    ["1 rows of messages that are not here", "INSERT INTO body (message_id) VALUES (5)"],
    ["2 rows are not what the messages come to", "UPDATE folder SET total = total + 1 WHERE id = 1"],
    ["1 rows are not what the messages come to", "INSERT INTO usage VALUES ('year', '1999', 1, 1)"],
    ["1 rows are not what the messages come to", "DELETE FROM folder_thread WHERE folder_id = 6"],
    ["1 changes are missing in the log", "DELETE FROM change WHERE modseq = 3"],
    ["Inbox changed later than anything did", "UPDATE folder SET modseq = 1000 WHERE id = 1"],
  ])("says that %s", async (problem, statement) => {
    const alice = await aUsedAccount(anAccount);
    await mailboxOf(alice, (_box, { sql }) => sql.exec(statement).toArray());
    expect(await problemsOf(alice)).toContain(problem);
  });

  it("says what is missing in the store", async () => {
    const alice = await aUsedAccount(anAccount);
    const keys = await keysUnder(`raw/${alice.user_id}/`);
    const [split = "", whole = ""] = [keys.find((key) => key.endsWith(".split")), keys[0]];
    await env.MAIL.delete(whole);
    const skeleton = await (await env.MAIL.get(split))?.arrayBuffer();
    const { manifest } = unpackSkeleton(new Uint8Array(skeleton ?? new ArrayBuffer()));
    await env.MAIL.delete(blobsOf(manifest).map(blobKey));
    const problems = await problemsOf(alice);
    expect(problems).toContain(`${whole} is not in the store`);
    expect(problems.some((one) => one.startsWith(`an attachment of ${split} is not in the store`))).toBe(true);
  });

  it("is an admin's, of an account that there is", async () => {
    const alice = await aCheckedAccount();
    expect((await alice.call("POST", `/admin${path(alice, "verify")}`, {})).status).toBe(401);
    expect(await problemAt(asAdmin("POST", path({ ...alice, email: "x@nowhere.test" }, "verify"), {}))).toBe(
      "not_found",
    );
  });
});

describe("rebuild", () => {
  const everything = async (account: Account) => {
    const messages = await account.messages("all");
    return Promise.all(messages.map(({ id }) => account.open(id)));
  };

  it("changes nothing in a mailbox that is whole", async () => {
    const alice = await aUsedAccount();
    const before = await everything(alice);
    expect(await rebuild(alice)).toEqual({ refreshed: 7, added: 0 });
    expect(await everything(alice)).toEqual(before);
    expect(await problemsOf(alice)).toEqual([]);
  });

  it("mends what is wrong beside the messages", async () => {
    const alice = await aUsedAccount();
    const before = await everything(alice);
    await mailboxOf(alice, (_box, { sql }) => {
      for (const table of ["folder_message", "unread", "folder_thread", "usage", "body", "message_index"]) {
        sql.exec(`DELETE FROM ${table}`);
      }
      sql.exec("UPDATE folder SET total = 99, unread = 7, size = 1");
    });
    await rebuild(alice);
    expect(await everything(alice)).toEqual(before);
    expect(await problemsOf(alice)).toEqual([]);
    const found = await alice.call("GET", "/search?q=letter");
    expect(await found.json()).toMatchObject({ messages: { length: 3 } });
  });

  it("brings back what the object has lost, by what R2 knows of it", async () => {
    const alice = await aUsedAccount(anAccount);
    const seen = (message: Awaited<ReturnType<typeof everything>>[number]) => {
      const { subject, body, bcc, size, attachments, headers, is_draft } = message;
      return { subject, body, bcc, size, attachments, headers, is_draft };
    };
    const bySubject = (messages: Awaited<ReturnType<typeof everything>>) =>
      messages.map(seen).sort((a, b) => (a.subject < b.subject ? -1 : 1));
    const before = bySubject(await everything(alice));
    await mailboxOf(alice, (_box, { sql }) => {
      for (const table of ["message", "folder_message", "unread", "folder_thread", "usage", "body", "message_index"]) {
        sql.exec(`DELETE FROM ${table}`);
      }
      sql.exec(
        "DELETE FROM submission; DELETE FROM change; DELETE FROM discarded; UPDATE folder SET total = 0, unread = 0, size = 0, modseq = 0",
      );
    });
    // What was stored just now could be on its way in.
    expect(await rebuild(alice)).toEqual({ refreshed: 0, added: 0 });
    expect(await hoursLater(() => rebuild(alice))).toEqual({ refreshed: 0, added: 7 });
    expect(bySubject(await everything(alice))).toEqual(before);
    expect((await alice.messages("sent")).map(({ subject }) => subject)).toEqual(["sent"]);
    expect((await alice.messages("drafts")).map(({ subject }) => subject)).toEqual(["draft"]);
    expect(await alice.messages("inbox")).toHaveLength(5);
    expect(await problemsOf(alice)).toEqual([]);
    await assertInvariants(alice);
  });

  it("leaves what is being stored to who stores it: a draft is there once", async () => {
    const alice = await aCheckedAccount();
    await mailboxOf(alice, async (box) => {
      const bytes = bytesOf(aLetter({ subject: "draft" }));
      const raw_key = await storeRaw(env, alice.user_id, bytes, Date.now(), { kind: "draft", added_fields: "" });
      await rebuild(alice);
      const composed = { raw_key, added_fields: "", size: bytes.byteLength, content: await readContent(bytes) };
      createDraft(box, composed, Date.now());
    });
    expect(await alice.messages("drafts")).toHaveLength(1);
  });

  it("leaves a letter that waits to its delivery: it comes once, unread", async () => {
    const alice = await aCheckedAccount();
    const bytes = bytesOf(aLetter());
    const raw_key = await storeRaw(env, alice.user_id, bytes, Date.now(), { kind: "received", added_fields: "" });
    const { hash: fingerprint } = fingerprintOf(bytes);
    const letter = {
      raw_key,
      added_fields: "",
      size: bytes.byteLength,
      content: await readContent(bytes),
      fingerprint,
    };
    const envelope = { return_path: "zoe@far.example", delivered_to: [alice.email], received_at: Date.now() };
    const name = raw_key.split("/").at(-1) ?? "";
    const { content: _content, ...note } = { ...letter, ...envelope, repeat_window: 1000, user_id: alice.user_id };
    await env.MAIL.put(waitingKey(alice.user_id, name), JSON.stringify(note));
    expect(await hoursLater(() => rebuild(alice))).toEqual({ refreshed: 0, added: 0 });
    await deliverWaiting(env, { waiting_key: waitingKey(alice.user_id, name) });
    expect((await alice.messages()).map(({ is_read }) => is_read)).toEqual([false]);
  });

  it("what the owner wrote and then gets back is delivered", async () => {
    const alice = await aCheckedAccount();
    const bytes = bytesOf(aLetter({ from: alice.email }));
    await storeRaw(env, alice.user_id, bytes, Date.now(), { kind: "sent", added_fields: "" });
    expect(await hoursLater(() => rebuild(alice))).toEqual({ refreshed: 0, added: 1 });
    await ingest(alice.email, alice.email, bytes);
    expect([await alice.messages("inbox"), await alice.messages("sent")]).toMatchObject([{ length: 1 }, { length: 1 }]);
  });

  it("does not bring back what is on its way out", async () => {
    const alice = await aUsedAccount();
    const [trashed] = await alice.messages("trash");
    await alice.call("DELETE", `/messages/${trashed?.id}`);
    expect(await rebuild(alice)).toEqual({ refreshed: 6, added: 0 });
  });
});
