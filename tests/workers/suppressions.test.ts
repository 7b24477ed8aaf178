/** Addresses that mail is not sent to without asking: how they get on the list, what it does, how they come off. */
import { describe, expect, it } from "vitest";
import { MessageSummary, SendMessage, Sent } from "../../contract/messages.ts";
import { Suppression, SuppressionPage } from "../../contract/suppressions.ts";
import { requireNotSuppressed } from "../../workers/outbound/require-not-suppressed.ts";
import { done, ok, problemAt, problemOf } from "./api-answers.ts";
import { aComplaint, aReport } from "./bounce-letters.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, anAccount, ingest } from "./mesh.ts";
import { attemptAfter, queueForgets, relayThrough, send, submissionOf } from "./outgoing.ts";

const BOB = "bob@far.example";

async function aBounce(alice: Account, to: string, told: { status?: string; words?: string; action?: string } = {}) {
  queueForgets();
  await relayThrough();
  const sent = await send(alice, [to], { undo_seconds: 0, ignore_suppressed: true });
  await attemptAfter(0, alice.stub);
  const messageId = (await alice.open(sent.id)).headers.message_id ?? "";
  await ingest("", alice.email, aReport(messageId, [{ to, ...told }]));
  return { sent, messageId };
}

const list = async (alice: Account, query = "") =>
  ok(alice.call("GET", `/suppressions${query}`), SuppressionPage).then(({ suppressions }) => suppressions);

const post = (alice: Account, more: object) =>
  alice.call("POST", "/messages", { subject: "Again", body: "x", undo_seconds: 0, ...more });

describe("an address goes on the list", () => {
  it("by a bounce that is about the address, with the server's words and the message", async () => {
    const alice = await aCheckedAccount();
    const { sent } = await aBounce(alice, "Bob@Far.example", { words: "550 5.1.1 gone" });
    expect(await list(alice)).toMatchObject([
      { email: BOB, reason: "bounce", detail: "550 5.1.1 gone", submission_id: sent.submission_id },
    ]);
  });

  it.each(["5.2.2", "5.7.1", "5.3.4", "5.0.0", "4.4.7"])(
    "not by a failure %s, which is about something else",
    async (status) => {
      const alice = await aCheckedAccount();
      const { sent } = await aBounce(alice, BOB, { status, words: "no" });
      expect((await submissionOf(alice, sent)).state).toBe("failed");
      expect(await list(alice)).toEqual([]);
    },
  );

  it("by a server that refuses it while it listens", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 No such user"] }] });
    await send(alice, [BOB], { undo_seconds: 0 });
    await attemptAfter(0, alice.stub);
    expect(await list(alice)).toMatchObject([{ email: BOB, reason: "bounce" }]);
  });

  it("by a complaint, which leaves the recipient's state as it is and is told in the conversation", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    await relayThrough();
    const sent = await send(alice, [BOB], { undo_seconds: 0 });
    await attemptAfter(0, alice.stub);
    const { headers, thread_id } = await alice.open(sent.id);
    await ingest("abuse@provider.example", alice.email, aComplaint(headers.message_id ?? "", BOB));
    expect((await submissionOf(alice, sent)).state).toBe("sent");
    expect(await list(alice)).toMatchObject([{ email: BOB, reason: "complaint" }]);
    expect(await alice.messages()).toMatchObject([{ thread_id, is_read: false }]);
  });
});

describe("a suppressed address", () => {
  it("is refused with the place, the reason and the day, and nothing is sent to the others", async () => {
    const alice = await aCheckedAccount();
    await aBounce(alice, BOB, { words: "550 5.1.1 gone" });
    const answer = post(alice, { to: [{ email: "ann@far.example" }, { email: "BOB@far.example" }] });
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ status: 409, reason: "suppressed_recipients" });
    expect(problem.issues).toMatchObject([{ at: "body.to.1.email" }]);
    const message = problem.issues?.[0]?.message;
    expect(message).toContain("550 5.1.1 gone");
    expect(message).toContain(new Date().toISOString().slice(0, 10));
    expect(await alice.messages("sent")).toHaveLength(1);
    expect(await problemAt(post(alice, { to: [], cc: [{ email: BOB }], bcc: [{ email: BOB }] }))).toBe(
      "suppressed_recipients body.cc.0.email body.bcc.0.email",
    );
  });

  it("is refused for a draft and a scheduled message too", async () => {
    const alice = await aCheckedAccount();
    await aBounce(alice, BOB);
    const message = { to: [{ email: BOB }], subject: "Again" };
    const draft = await ok(alice.call("POST", "/drafts", message), MessageSummary, 201);
    expect(await problemAt(alice.call("POST", `/drafts/${draft.id}/send`, message))).toBe(
      "suppressed_recipients body.to.0.email",
    );
    const send_at = new Date(Date.now() + 3_600_000).toISOString();
    expect(await problemAt(post(alice, { ...message, send_at }))).toBe("suppressed_recipients body.to.0.email");
    expect(await alice.messages("drafts")).toHaveLength(1);
  });

  it("is written to by who insists, and by whoever else", async () => {
    const domain = await aDomain();
    const [alice, carol] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "carol")];
    await aBounce(alice, BOB);
    await ok(post(alice, { to: [{ email: BOB }], ignore_suppressed: true }), Sent, 202);
    await ok(post(carol, { to: [{ email: BOB }] }), Sent, 202);
    expect(await list(alice)).toHaveLength(1);
    expect(await list(carol)).toEqual([]);
  });

  it("comes off the list by its owner, and by a report that mail was delivered there", async () => {
    const alice = await aCheckedAccount();
    await aBounce(alice, BOB);
    await done(alice.call("DELETE", `/suppressions/${encodeURIComponent("Bob@far.example")}`));
    expect(await list(alice)).toEqual([]);
    expect(await problemAt(alice.call("DELETE", `/suppressions/${encodeURIComponent(BOB)}`))).toBe("not_found");
    await aBounce(alice, BOB);
    await aBounce(alice, BOB, { action: "delivered", status: "2.0.0" });
    expect(await list(alice)).toEqual([]);
    await ok(post(alice, { to: [{ email: BOB }] }), Sent, 202);
  });

  it("of the mesh comes off when the account is there", async () => {
    const domain = await aDomain();
    const alice = await aCheckedAccount(domain, "alice");
    queueForgets();
    const carol = `carol@${domain}`;
    await send(alice, [carol], { undo_seconds: 0 });
    await attemptAfter(0, alice.stub);
    expect(await list(alice)).toMatchObject([{ email: carol }]);
    await anAccount(domain, "carol");
    await send(alice, [carol], { undo_seconds: 0, ignore_suppressed: true });
    await attemptAfter(0, alice.stub);
    expect(await list(alice)).toEqual([]);
  });

  it("that unsubscribed is refused for bulk mail alone", async () => {
    const entry = {
      user_id: `u${"0".repeat(16)}`,
      email: BOB,
      reason: "unsubscribed",
      detail: "",
      submission_id: null,
    };
    const listed = Suppression.parse({ ...entry, created_at: new Date().toISOString() });
    const message = (kind: "personal" | "bulk", ignore_suppressed: boolean) =>
      SendMessage.parse({ to: [{ email: BOB }], class: kind, ignore_suppressed });
    requireNotSuppressed([listed], message("personal", false));
    for (const ignore of [false, true]) {
      const reason = { reason: "suppressed_recipients" };
      expect(() => requireNotSuppressed([listed], message("bulk", ignore))).toThrow(expect.objectContaining(reason));
    }
  });
});

it("the list comes in pages, by address, each entry once", async () => {
  const alice = await aCheckedAccount();
  for (const name of ["c", "a", "b"]) await aBounce(alice, `${name}@far.example`);
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `?limit=2${cursor === null ? "" : `&cursor=${cursor}`}`;
    const page: SuppressionPage = await ok(alice.call("GET", `/suppressions${query}`), SuppressionPage);
    found.push(...page.suppressions.map(({ email }) => email));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(found).toEqual(["a@far.example", "b@far.example", "c@far.example"]);
  expect(await problemAt(alice.call("GET", "/suppressions?cursor=x"))).toBe("bad_cursor query.cursor");
  expect(await problemAt(alice.call("GET", "/suppressions?limit=0"))).toBe("bad_request query.limit");
});
