import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { type Message, MessageSummary, Sent } from "../../contract/messages.ts";
import { rawKey } from "../../contract/r2-keys.ts";
import { SearchPage } from "../../contract/search.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount, keysUnder } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest } from "./mesh.ts";

const create = (account: Account, draft: object): Promise<MessageSummary> =>
  ok(account.call("POST", "/drafts", draft), MessageSummary, 201);
const replace = (account: Account, id: string, draft: object): Promise<MessageSummary> =>
  ok(account.call("PUT", `/drafts/${id}`, draft), MessageSummary);

async function found(account: Account, q: string): Promise<string[]> {
  const { messages } = await ok(account.call("GET", `/search?${new URLSearchParams({ q })}`), SearchPage);
  return messages.map(({ subject }) => subject);
}

const keysOf = (account: Account): Promise<string[]> => keysUnder(rawKey(account.user_id, ""));
const text = ({ body }: Message): string => body.trim();

describe("a draft", () => {
  it("is kept with all that was written, and nothing need be", async () => {
    const alice = await aCheckedAccount();
    const empty = await create(alice, {});
    expect(empty).toMatchObject({ subject: "", to: [], is_draft: true, is_read: true, user_id: alice.user_id });
    const attachments = [{ filename: "a.txt", content_type: "text/plain", content: "YWJj" }];
    const fields = {
      to: [{ name: "Zoe", email: "zoe@far.example" }],
      cc: [{ email: "c@far.example" }],
      bcc: [{ email: "b@far.example" }],
    };
    const full = await create(alice, {
      ...fields,
      subject: "Plan",
      body: "Text.",
      body_html: "<p>Text.</p>",
      attachments,
    });
    expect(full).toMatchObject({ subject: "Plan", preview: "Text.", has_attachment: true });
    const opened = await alice.open(full.id);
    expect(opened).toMatchObject({
      from: { name: "Alice Adams", email: alice.email },
      to: [{ name: "Zoe", email: "zoe@far.example" }],
      cc: [{ name: "", email: "c@far.example" }],
      bcc: [{ name: "", email: "b@far.example" }],
      attachments: [{ n: 0, filename: "a.txt", size: 3 }],
      submission_id: null,
    });
    expect(text(opened)).toBe("Text.");
    expect((await alice.messages("drafts")).map(({ id }) => id)).toEqual([full.id, empty.id]);
    expect(await alice.folder("drafts")).toMatchObject({ total: 2, unread: 0 });
  });

  it("that is replaced keeps its id, thread, place and flag, and only its new words are found", async () => {
    const alice = await aCheckedAccount();
    const first = await create(alice, {
      subject: "Zeppelin",
      body: "mulberry",
      attachments: [{ filename: "orchid.txt", content: "YWJj" }],
    });
    await create(alice, { subject: "Another" });
    await ok(alice.call("PATCH", `/messages/${first.id}`, { is_flagged: true }), MessageSummary);
    const second = await replace(alice, first.id, { subject: "Airship", body: "tamarind" });
    const { id, thread_id, folder_ids, received_at } = first;
    expect(second).toMatchObject({
      id,
      thread_id,
      folder_ids,
      received_at,
      subject: "Airship",
      is_flagged: true,
      has_attachment: false,
    });
    expect(text(await alice.open(id))).toBe("tamarind");
    for (const word of ["zeppelin", "mulberry", "orchid"]) expect(await found(alice, word)).toEqual([]);
    for (const word of ["airship", "tamarind"]) expect(await found(alice, word)).toEqual(["Airship"]);
    expect((await alice.messages("drafts")).map(({ subject }) => subject)).toEqual(["Another", "Airship"]);
  });

  it("that is replaced lets its old bytes go", async () => {
    const alice = await aCheckedAccount();
    const { id } = await create(alice, { subject: "one" });
    const [before] = await keysOf(alice);
    for (const subject of ["two", "three"]) await replace(alice, id, { subject });
    await runDurableObjectAlarm(alice.stub);
    const after = await keysOf(alice);
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
    expect((await alice.open(id)).subject).toBe("three");
    expect((await alice.call("GET", `/messages/${id}/raw`)).status).toBe(200);
  });

  it("keeps its addresses as they are, half typed", async () => {
    const alice = await aCheckedAccount();
    const half = [
      { name: "", email: "zoe" },
      { name: "Bob", email: "bob@" },
      { name: "", email: "c@far.example" },
      { name: "", email: "a b <" },
    ];
    const draft = await create(alice, { to: half, cc: half, bcc: half, subject: "Soon" });
    expect(await alice.open(draft.id)).toMatchObject({ to: half, cc: half, bcc: half });
    expect((await replace(alice, draft.id, { to: half.slice(1) })).to).toEqual(half.slice(1));
    const refusal = await problemAt(alice.call("POST", `/drafts/${draft.id}/send`, { to: half }));
    expect(refusal).toBe("invalid_recipients body.to.0.email body.to.1.email body.to.3.email");
    expect(await alice.messages("drafts")).toHaveLength(1);
  });

  it("may have as many addresses as a request holds", async () => {
    const alice = await aCheckedAccount();
    const many = Array.from({ length: 1000 }, (_, n) => ({
      name: "名".repeat(190),
      email: `${"x".repeat(60)}@far${n}.example`,
    }));
    const draft = await create(alice, { to: many, cc: many, bcc: many });
    expect((await alice.open(draft.id)).to[0]?.email).toBe(many[0]?.email);
  });

  it("that goes while it is being replaced leaves no bytes", async () => {
    const alice = await aCheckedAccount();
    const { id } = await create(alice, { subject: "x" });
    await done(alice.call("DELETE", `/messages/${id}`));
    const large = { body: "words ".repeat(15_000) };
    const [put] = await Promise.all([
      alice.call("PUT", `/drafts/${id}`, large),
      alice.call("DELETE", `/messages/${id}`),
    ]);
    await runDurableObjectAlarm(alice.stub);
    expect([200, 404]).toContain(put.status);
    expect(await keysOf(alice)).toEqual([]);
  });

  it("is marked, moved and deleted like any message", async () => {
    const alice = await aCheckedAccount();
    const { id } = await create(alice, { subject: "x" });
    await done(alice.call("DELETE", `/messages/${id}`));
    expect((await alice.messages("trash")).map(({ is_draft }) => is_draft)).toEqual([true]);
    await done(alice.call("DELETE", `/messages/${id}`));
    await runDurableObjectAlarm(alice.stub);
    expect(await keysOf(alice)).toEqual([]);
    expect(await problemAt(alice.call("PUT", `/drafts/${id}`, { subject: "y" }))).toBe("not_found");
    expect(await problemAt(alice.call("POST", `/drafts/${id}/send`, { to: [{ email: "z@far.example" }] }))).toBe(
      "not_found",
    );
    expect(await keysOf(alice)).toEqual([]);
  });
});

describe("sending a draft", () => {
  it("takes it away and leaves a copy in Sent, at once", async () => {
    const alice = await aCheckedAccount();
    const draft = await create(alice, { subject: "Half", body: "walnut" });
    const message = { to: [{ email: "zoe@far.example" }], subject: "Whole", body: "pecan", undo_seconds: 60 };
    const sent = await ok(alice.call("POST", `/drafts/${draft.id}/send`, message), Sent, 202);
    expect(await alice.messages("drafts")).toEqual([]);
    expect((await alice.messages("sent")).map(({ id, is_draft }) => ({ id, is_draft }))).toEqual([
      { id: sent.id, is_draft: false },
    ]);
    expect(await problemAt(alice.call("GET", `/messages/${draft.id}`))).toBe("not_found");
    expect([await found(alice, "walnut"), await found(alice, "pecan")]).toEqual([[], ["Whole"]]);
  });

  it("twice, at the same time, sends it once", async () => {
    const alice = await aCheckedAccount();
    const { id } = await create(alice, { subject: "Once" });
    const message = { to: [{ email: "zoe@far.example" }], subject: "Once", undo_seconds: 60 };
    const answers = await Promise.all([1, 2, 3].map(() => alice.call("POST", `/drafts/${id}/send`, message)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 404, 404]);
    expect(await alice.messages("sent")).toHaveLength(1);
  });

  it("that was taken back is a draft again, and can be changed and sent again", async () => {
    const alice = await aCheckedAccount();
    const message = {
      to: [{ email: "zoe@far.example" }],
      bcc: [{ email: "b@far.example" }],
      subject: "One",
      undo_seconds: 60,
    };
    const sent = await ok(alice.call("POST", "/messages", message), Sent, 202);
    await done(alice.call("DELETE", `/submissions/${sent.submission_id}`));
    expect((await replace(alice, sent.id, { ...message, undo_seconds: undefined, subject: "Two" })).subject).toBe(
      "Two",
    );
    const again = await ok(alice.call("POST", `/drafts/${sent.id}/send`, { ...message, subject: "Two" }), Sent, 202);
    expect((await alice.open(again.id)).submission_id).toBe(again.submission_id);
    expect(await alice.messages("drafts")).toEqual([]);
    expect(await problemAt(alice.call("DELETE", `/submissions/${sent.submission_id}`))).toBe("too_late");
  });
});

describe("what was sent or came from outside", () => {
  it("is no draft: it cannot be replaced, or sent as one", async () => {
    const alice = await aCheckedAccount();
    await ingest("zoe@far.example", alice.email, aLetter());
    const [letter] = await alice.messages();
    const message = { to: [{ email: "zoe@far.example" }], subject: "Sent", undo_seconds: 60 };
    const sent = await ok(alice.call("POST", "/messages", message), Sent, 202);
    const drafts = await alice.folder("drafts");
    await ok(alice.call("PATCH", `/messages/${letter?.id}`, { folder_ids: [drafts.id] }), MessageSummary);
    const before = await keysOf(alice);
    for (const id of [letter?.id, sent.id]) {
      expect(await problemAt(alice.call("PUT", `/drafts/${id}`, { subject: "y" }))).toBe("conflict");
      expect(await problemAt(alice.call("POST", `/drafts/${id}/send`, message))).toBe("conflict");
    }
    expect(await keysOf(alice)).toEqual(before);
    expect((await alice.open(sent.id)).subject).toBe("Sent");
  });
});
