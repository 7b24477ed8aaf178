/** What comes back of what was sent: found by the envelope or the Message-ID, and told where the message is. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MessagePage } from "../../contract/messages.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { deliverWaiting } from "../../workers/inbound/waiting-letters.ts";
import { done, ok } from "./api-answers.ts";
import { aComplaint, aReport } from "./bounce-letters.ts";
import { breaks, waitingNotes, withFaults } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, anAccount, ingest } from "./mesh.ts";
import { attemptAfter, queueForgets, relayThrough, reports, send, submissionOf, taken } from "./outgoing.ts";

const BOB = "bob@far.example";
const ANN = "ann@far.example";

/** A message that left, the reverse-path that it left with, and its Message-ID. */
async function aSentMessage(alice: Account, to = [BOB], more = {}) {
  queueForgets();
  const peer = await relayThrough();
  const sent = await send(alice, to, { undo_seconds: 0, ignore_suppressed: true, ...more });
  await attemptAfter(0, alice.stub);
  const path = (await taken(peer))[0]?.mail_from ?? "";
  const { headers, thread_id } = await alice.open(sent.id);
  return { sent, path, messageId: headers.message_id ?? "", thread_id };
}

const statesOf = async (alice: Account, sent: Parameters<typeof submissionOf>[1]) =>
  Object.fromEntries((await submissionOf(alice, sent)).recipients.map(({ email, state }) => [email, state]));

describe("mail that is relayed", () => {
  it("leaves with a reverse-path of its own, at which automatic answers arrive", async () => {
    const alice = await aCheckedAccount();
    const { path, sent } = await aSentMessage(alice);
    const [name, domain] = alice.email.split("@");
    expect(path).toMatch(new RegExp(`^${name}\\+b-[0-9a-z]{19}@${domain}$`));
    const other = await aSentMessage(alice);
    expect(other.path).not.toBe(path);
    const away = aLetter({
      from: `Bob <${BOB}>`,
      subject: "Automatic reply: On its way",
      body: "Away, account disabled",
    });
    expect(await ingest("", path, `Auto-Submitted: auto-replied\r\n${away}`)).toMatchObject([{ outcome: "accepted" }]);
    expect((await alice.messages()).map(({ subject }) => subject)).toEqual(["Automatic reply: On its way"]);
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent" });
  });

  it("keeps the plain one where the token has no room, and between accounts of the mesh", async () => {
    const domain = await aDomain();
    const long = await aCheckedAccount(domain, "l".repeat(50));
    expect((await aSentMessage(long)).path).toBe(long.email);
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    await aSentMessage(alice, [bob.email]);
    expect((await bob.open((await bob.messages())[0]?.id ?? "")).return_path).toBe(alice.email);
  });
});

describe("a bounce", () => {
  it("to the message's own reverse-path fails the recipient, in the remote server's words, and joins the conversation", async () => {
    const alice = await aCheckedAccount();
    const { sent, path, thread_id } = await aSentMessage(alice, [BOB, ANN]);
    await ingest("", path, aReport("unknown@x", [{ to: "BOB@FAR.example", words: "550 5.1.1 Bob is gone" }]));
    const submission = await submissionOf(alice, sent);
    expect(submission.recipients.find(({ email }) => email === BOB)).toMatchObject({
      state: "failed",
      status: "5.1.1",
      reply: "550 5.1.1 Bob is gone",
      remote_mta: "mx.far.example",
    });
    expect(submission.recipients.find(({ email }) => email === ANN)).toMatchObject({ state: "sent" });
    expect(await alice.messages()).toMatchObject([
      { subject: "Undelivered Mail Returned to Sender", is_read: false, thread_id },
    ]);
    // The failure was told by the bounce itself.
    await attemptAfter(3600, alice.stub);
    expect(await reports(alice)).toEqual([]);
    expect(await alice.messages()).toHaveLength(1);
    expect(await submissionOf(alice, sent)).toMatchObject({ next_attempt_at: null });
  });

  it("to the plain address is found by the Message-ID that it gives back, if it names a recipient", async () => {
    const alice = await aCheckedAccount();
    const { sent, messageId, thread_id } = await aSentMessage(alice, [BOB, ANN]);
    await ingest("", alice.email, aReport(messageId, [{ to: "stranger@far.example" }]));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent", [ANN]: "sent" });
    await ingest("", alice.email, aReport(messageId, [{ to: "other@far.example", original: ANN }]));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent", [ANN]: "failed" });
    expect((await alice.messages()).filter((row) => row.thread_id === thread_id)).toHaveLength(1);
  });

  it("of a recipient whom a server passed on is the only recipient's, where the token says which message it is", async () => {
    const alice = await aCheckedAccount();
    const { sent, path, messageId } = await aSentMessage(alice);
    await ingest("", alice.email, aReport(messageId, [{ to: "robert@elsewhere.example" }]));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent" });
    await ingest("", alice.email, aReport(messageId, [{ to: "robert@elsewhere.example", status: "5.2.2" }], path));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "failed" });
  });

  it("without any structure is read too", async () => {
    const alice = await aCheckedAccount();
    const { sent, path } = await aSentMessage(alice);
    const words =
      "Hi. This is the qmail-send program at far.example.\r\n\r\n<bob@far.example>:\r\nNo such user. (#5.1.1)\r\n";
    await ingest("", path, aLetter({ from: "MAILER-DAEMON@far.example", subject: "failure notice", body: words }));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "failed" });
  });

  it("that comes again changes nothing, and nor does another about the same", async () => {
    const alice = await aCheckedAccount();
    const { sent, path, messageId } = await aSentMessage(alice);
    const report = aReport(messageId, [{ to: BOB, words: "550 5.1.1 first" }]);
    await ingest("", path, report);
    const before = await submissionOf(alice, sent);
    await ingest("", path, report);
    await ingest("", path, aReport(messageId, [{ to: BOB, action: "delivered", status: "2.0.0" }]));
    await ingest("", path, aReport(messageId, [{ to: BOB, words: "550 5.1.1 second" }]));
    expect(await submissionOf(alice, sent)).toEqual(before);
    expect(await alice.messages()).toHaveLength(2);
  });

  it("that overtakes the consumer's own result is not forgotten", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB], { undo_seconds: 0 });
    const { headers } = await alice.open(sent.id);
    const report = async (real: (...args: unknown[]) => Promise<unknown>, args: unknown[]) => {
      await ingest("", alice.email, aReport(headers.message_id ?? "", [{ to: BOB }]));
      expect(await statesOf(alice, sent)).toEqual({ [BOB]: "failed" });
      return real(...args);
    };
    await attemptAfter(0, alice.stub, { MAILBOX: { report } });
    expect(await taken(peer)).toHaveLength(1);
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "failed" });
    await attemptAfter(600, alice.stub);
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "failed" });
    expect(await taken(peer)).toHaveLength(1);
  });

  it("that had to wait for the mailbox is found when it is delivered", async () => {
    const alice = await aCheckedAccount();
    const { sent, path, thread_id } = await aSentMessage(alice);
    const envelope = { mail_from: "", rcpt_to: [path] };
    const bytes = new Uint8Array(new TextEncoder().encode(aReport("unknown@x", [{ to: BOB }])));
    const queue = { INBOUND: { send: async () => undefined } };
    await acceptMail(withFaults({ MAILBOX: { deliver: breaks }, ...queue }), envelope, bytes, {});
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent" });
    for (const waiting_key of await waitingNotes(alice)) await deliverWaiting(env, { waiting_key });
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "failed" });
    expect(await alice.messages()).toMatchObject([{ thread_id }]);
  });

  it.each([
    ["a token that was made up", (path: string) => path.replace(/.{8}@/, "00000000@")],
    ["a number that is not here", (path: string) => path.replace(/b-.{11}/, "b-0123456789a")],
    ["no token at all", (path: string) => path.replace(/b-.*@/, "b-@")],
  ])("with %s is a message like any other", async (_what, forge) => {
    const alice = await aCheckedAccount();
    const { sent, path, thread_id } = await aSentMessage(alice);
    await ingest("", forge(path), aReport("unknown@x", [{ to: BOB }]));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent" });
    const [message] = await alice.messages();
    expect(message).toMatchObject({ subject: "Undelivered Mail Returned to Sender", is_read: false });
    expect(message?.thread_id).not.toBe(thread_id);
  });

  it("changes nothing of another account, whatever token and Message-ID it has", async () => {
    const domain = await aDomain();
    const [alice, mallory] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "mallory")];
    const { sent, path, messageId } = await aSentMessage(alice);
    const tag = /\+.*(?=@)/.exec(path)?.[0] ?? "";
    await ingest("", mallory.email.replace("@", `${tag}@`), aReport(messageId, [{ to: BOB }], path));
    await ingest("", mallory.email, aComplaint(messageId, BOB));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent" });
    expect(await mallory.messages()).toHaveLength(2);
  });

  it("does not touch a message that has not left, nor one that was delivered", async () => {
    const domain = await aDomain();
    const [alice, carol] = [await aCheckedAccount(domain, "alice"), await anAccount(domain, "carol")];
    queueForgets();
    const waiting = await send(alice, [BOB], { send_at: new Date(Date.now() + 3_600_000).toISOString() });
    const { headers } = await alice.open(waiting.id);
    await ingest("", alice.email, aReport(headers.message_id ?? "", [{ to: BOB }]));
    expect(await statesOf(alice, waiting)).toEqual({ [BOB]: "queued" });
    await done(alice.call("DELETE", `/submissions/${waiting.submission_id}`));
    const { sent, messageId } = await aSentMessage(alice, [carol.email]);
    await ingest("", alice.email, aReport(messageId, [{ to: carol.email }]));
    expect(await statesOf(alice, sent)).toEqual({ [carol.email]: "delivered" });
  });
});

describe("a report of another kind", () => {
  it("that it is late changes the words alone, and lies in the conversation, read", async () => {
    const alice = await aCheckedAccount();
    const { sent, path, messageId, thread_id } = await aSentMessage(alice);
    await ingest("", path, aReport(messageId, [{ to: BOB, action: "delayed", status: "4.4.1", words: "no route" }]));
    expect((await submissionOf(alice, sent)).recipients).toMatchObject([
      { state: "sent", status: "4.4.1", reply: "no route" },
    ]);
    expect(await alice.messages()).toEqual([]);
    expect(await alice.messages("archive")).toMatchObject([{ is_read: true, thread_id }]);
  });

  it("that it was delivered makes it so; that it was relayed is a message", async () => {
    const alice = await aCheckedAccount();
    const { sent, path, messageId } = await aSentMessage(alice);
    await ingest("", path, aReport(messageId, [{ to: BOB, action: "relayed", status: "2.0.0" }]));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "sent" });
    expect(await alice.messages()).toHaveLength(1);
    await ingest("", path, aReport(messageId, [{ to: BOB, action: "delivered", status: "2.0.0" }]));
    expect(await statesOf(alice, sent)).toEqual({ [BOB]: "delivered" });
    expect(await alice.messages("archive")).toHaveLength(1);
  });

  it("is told to clients that are listening", async () => {
    const alice = await aCheckedAccount();
    const { sent, path, messageId } = await aSentMessage(alice);
    const state = (await (await alice.call("GET", "/changes?since=0")).json()) as { state: string };
    await ingest("", path, aReport(messageId, [{ to: BOB }]));
    const changes = await (await alice.call("GET", `/changes?since=${state.state}`)).json();
    expect(changes).toMatchObject({ submission: { changed: [sent.submission_id] } });
  });

  it("comes into a muted conversation as well, if it is bad news", async () => {
    const alice = await aCheckedAccount();
    const { path, messageId, thread_id } = await aSentMessage(alice);
    await alice.call("PATCH", `/threads/${thread_id}`, { is_muted: true });
    await ingest("", path, aReport(messageId, [{ to: BOB }]));
    const { id } = await alice.folder("inbox");
    const page = await ok(alice.call("GET", `/folders/${id}/messages`), MessagePage);
    expect(page.messages).toMatchObject([{ is_read: false, thread_id }]);
  });
});
