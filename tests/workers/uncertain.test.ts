/**
 * The moment that SMTP leaves open, between the last dot and the answer to it (RFC 5321 §4.2.5, RFC 1047): what was not
 * handed over cannot double, what was is tried again, and how often that may have made a copy is counted.
 */
import { describe, expect, it, vi } from "vitest";
import { breaks, withFaults } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, anAccount } from "./mesh.ts";
import {
  alarmAfter,
  attemptAfter,
  consume,
  consumeAlone,
  newestJob,
  queueForgets,
  reaches,
  relayIsDown,
  relayThrough,
  reports,
  send,
  submissionOf,
  taken,
} from "./outgoing.ts";

const BOB = "bob@far.example";
const ANN = "ann@far.example";

/** A submission on the queue, and its number. */
async function queued(account: Account, to = [BOB]) {
  queueForgets();
  const sent = await send(account, to);
  await alarmAfter(0, account.stub);
  return { sent, ...(await newestJob(account.stub)) };
}

const statesOf = async (account: Account, sent: Parameters<typeof submissionOf>[1]) =>
  (await submissionOf(account, sent)).recipients
    .map(({ email, state, uncertain_attempts: n }) => `${email} ${state} ${n}`)
    .sort();

describe("a connection that is lost after the last dot", () => {
  it("leaves the recipient uncertain; it is tried again, later, with the very same bytes, and counted", async () => {
    const alice = await aCheckedAccount();
    const closing = await relayThrough({ rules: [{ on: ".", do: [{ close: "reset" }] }] });
    const sent = await send(alice, [BOB]);
    const open = await reaches(alice, sent, "uncertain");
    expect(open).toMatchObject({ recipients: [{ status: "4.4.2", attempts: 1, uncertain_attempts: 1 }] });
    // Longer than a usual wait, which is a second here.
    const [{ updated_at } = { updated_at: "" }] = open.recipients;
    expect(Date.parse(open.next_attempt_at ?? "") - Date.parse(updated_at)).toBeGreaterThanOrEqual(2000);
    const peer = await relayThrough();
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
    expect(await statesOf(alice, sent)).toEqual([`${BOB} sent 1`]);
    // What a receiver can do about the second copy needs this.
    expect(await peer.body()).toEqual(await closing.body());
    expect(await reports(alice)).toEqual([]);
  });

  it("does not keep the other recipients from their own next try, nor they it from its longer wait", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    await relayThrough({
      rules: [
        { on: `RCPT TO:<${ANN}`, do: ["451 4.7.1 Later"] },
        { on: ".", do: [{ close: "end" }] },
      ],
    });
    const sent = await send(alice, [BOB, ANN]);
    await attemptAfter(0, alice.stub);
    expect(await statesOf(alice, sent)).toEqual([`${ANN} deferred 0`, `${BOB} uncertain 1`]);
    const peer = await relayThrough();
    await attemptAfter(1.5, alice.stub);
    expect(await taken(peer)).toMatchObject([{ rcpt_to: [ANN] }]);
    expect(await statesOf(alice, sent)).toEqual([`${ANN} sent 0`, `${BOB} uncertain 1`]);
    await attemptAfter(6, alice.stub);
    expect((await taken(peer)).map(({ rcpt_to }) => rcpt_to)).toEqual([[ANN], [BOB]]);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", next_attempt_at: null });
  });
});

describe("a consumer that dies", () => {
  it("before the mark has doubled nothing, and it is tried again at once", async () => {
    const alice = await aCheckedAccount();
    const { sent, submission_id } = await queued(alice);
    await alice.stub.claim(submission_id, "of the dead");
    const peer = await relayThrough();
    await attemptAfter(100, alice.stub);
    expect(await statesOf(alice, sent)).toEqual([`${BOB} sent 0`]);
    expect(await taken(peer)).toHaveLength(1);
    expect(await submissionOf(alice, sent)).toMatchObject({ recipients: [{ attempts: 2 }] });
  });

  it("after the mark leaves the recipient uncertain, and the next try waits", async () => {
    const alice = await aCheckedAccount();
    const { sent, submission_id } = await queued(alice, [BOB, ANN]);
    await alice.stub.claim(submission_id, "of the dead");
    expect(await alice.stub.handOver(submission_id, "of the dead", [BOB])).toBe(true);
    const peer = await relayThrough();
    await attemptAfter(100, alice.stub);
    expect(await statesOf(alice, sent)).toEqual([`${ANN} sent 0`, `${BOB} uncertain 1`]);
    expect((await taken(peer)).map(({ rcpt_to }) => rcpt_to)).toEqual([[ANN]]);
    await attemptAfter(110, alice.stub);
    expect(await statesOf(alice, sent)).toEqual([`${ANN} sent 0`, `${BOB} sent 1`]);
    expect((await taken(peer)).map(({ rcpt_to }) => rcpt_to)).toEqual([[ANN], [BOB]]);
  });

  it("after the mark, with nobody else to try, costs no try of its own", async () => {
    const alice = await aCheckedAccount();
    const { sent, submission_id } = await queued(alice);
    await alice.stub.claim(submission_id, "of the dead");
    await alice.stub.handOver(submission_id, "of the dead", [BOB]);
    await alarmAfter(100, alice.stub);
    await consume(alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "uncertain", attempts: 1 });
  });

  it("after the answer and before its report may have doubled, and says so", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    const { sent } = await queued(alice);
    await expect(consume(alice.stub, { MAILBOX: { report: breaks } })).rejects.toThrow("injected");
    await attemptAfter(100, alice.stub);
    await attemptAfter(110, alice.stub);
    expect(await taken(peer)).toHaveLength(2);
    expect(await statesOf(alice, sent)).toEqual([`${BOB} sent 1`]);
  });
});

describe("the end of a message is not sent", () => {
  it("where the mark cannot be written: the recipient is deferred, and nothing is uncertain", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    const { sent } = await queued(alice);
    await consume(alice.stub, { MAILBOX: { handOver: breaks } });
    expect(await submissionOf(alice, sent)).toMatchObject({
      state: "deferred",
      recipients: [{ status: "4.3.0", reply: expect.stringContaining("injected"), uncertain_attempts: 0 }],
    });
    expect(await taken(peer)).toEqual([]);
    await attemptAfter(10, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
    expect(await statesOf(alice, sent)).toEqual([`${BOB} sent 0`]);
  });

  it("by a consumer whose lease ran out, however late it comes back", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    const { sent, ...job } = await queued(alice);
    let goOn = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    // It stops just before the mark, as a machine that was put to sleep.
    const slow = consumeAlone(
      withFaults({ MAILBOX: { handOver: (real, args) => held.then(() => real(...args)) } }),
      job,
    );
    await vi.waitUntil(async () => (await submissionOf(alice, sent)).state === "sending");
    await attemptAfter(100, alice.stub);
    expect(await statesOf(alice, sent)).toEqual([`${BOB} sent 0`]);
    goOn();
    await slow;
    expect(await taken(peer)).toHaveLength(1);
    expect(await statesOf(alice, sent)).toEqual([`${BOB} sent 0`]);
  });
});

describe("mail within the mesh needs no mark", () => {
  it("a delivery whose report is lost, again and again, is one in the mailbox", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const { sent } = await queued(alice, [bob.email]);
    for (const seconds of [0, 100, 200]) {
      await expect(attemptAfter(seconds, alice.stub, { MAILBOX: { report: breaks } })).rejects.toThrow("injected");
      expect(await bob.messages()).toHaveLength(1);
    }
    await attemptAfter(400, alice.stub);
    expect(await statesOf(alice, sent)).toEqual([`${bob.email} delivered 0`]);
    expect(await bob.messages()).toHaveLength(1);
    expect(await submissionOf(alice, sent)).toMatchObject({ recipients: [{ transport: "mesh", attempts: 4 }] });
  });
});

describe("mail that is late", () => {
  it("is told once after four hours, in its conversation, and goes on being tried", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    await relayIsDown();
    const sent = await send(alice, [BOB, ANN], { subject: "Urgent" });
    await attemptAfter(0, alice.stub);
    await attemptAfter(3 * 3600, alice.stub);
    expect(await reports(alice)).toEqual([]);
    for (const hours of [4.1, 5, 9]) await attemptAfter(hours * 3600, alice.stub);
    const [notice, ...others] = await reports(alice);
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ return_path: "", subject: "Not delivered yet to 2 recipients: Urgent" });
    expect(notice?.thread_id).toBe((await alice.open(sent.id)).thread_id);
    const raw = await (await alice.call("GET", `/messages/${notice?.id}/raw`)).text();
    expect(raw.match(/^Action: delayed\r$/gm)).toHaveLength(2);
    const until = Date.parse(/^Will-Retry-Until: (.*)\r$/m.exec(raw)?.[1] ?? "");
    const { send_at, state } = await submissionOf(alice, sent);
    expect(until).toBe(Math.floor(Date.parse(send_at) / 1000) * 1000 + 4 * 86_400_000);
    expect(state).toBe("deferred");
    const peer = await relayThrough();
    await attemptAfter(10 * 3600, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
    expect(await reports(alice)).toHaveLength(1);
  });

  it("is told with the next try when telling breaks", async () => {
    // Not looked through: the bytes of the notice that came to nothing go with the orphans.
    const alice = await anAccount();
    queueForgets();
    await relayIsDown();
    await send(alice, [BOB]);
    await attemptAfter(0, alice.stub);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * 3_600_000 });
    await alarmAfter(0, alice.stub);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * 3_600_000 });
    await expect(consume(alice.stub, { MAILBOX: { deliverReport: breaks } })).rejects.toThrow("injected");
    expect(await reports(alice)).toEqual([]);
    await attemptAfter(6 * 3600, alice.stub);
    expect(await reports(alice)).toHaveLength(1);
  });

  it("is not told to a stranger whose mail an alias passes on", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    await relayIsDown();
    await alice.stub.relay("a forward", 1000, {
      ...{ message_id: null, raw_key: `raw/${alice.user_id}/gone`, mail_from: "zoe@far.example", rcpt_to: [BOB] },
      ...{ send_at: Date.now(), report_to: "sender" },
    });
    for (const hours of [0, 5, 9]) await attemptAfter(hours * 3600, alice.stub);
    expect(await reports(alice)).toEqual([]);
    await attemptAfter(97 * 3600, alice.stub);
  });
});

describe("a destination that takes no mail now", () => {
  it("costs no try: the recipient is queued until then, and can be taken back", async () => {
    const alice = await aCheckedAccount();
    const { sent, submission_id } = await queued(alice);
    await alice.stub.claim(submission_id, "mine");
    const retry_at = Date.now() + 600_000;
    await alice.stub.report(submission_id, "mine", [{ address: BOB, result: "waiting", retry_at }]);
    expect(await submissionOf(alice, sent)).toMatchObject({
      ...{ state: "queued", attempts: 0, can_undo: true, next_attempt_at: new Date(retry_at).toISOString() },
      recipients: [{ state: "queued", attempts: 0, attempted_at: null }],
    });
    const peer = await relayThrough();
    await attemptAfter(590, alice.stub);
    expect(await taken(peer)).toEqual([]);
    await attemptAfter(601, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
  });

  it("for four days is told as a failure", async () => {
    const alice = await aCheckedAccount();
    const { sent, submission_id } = await queued(alice);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 97 * 3_600_000 });
    await alice.stub.claim(submission_id, "mine");
    await alice.stub.report(submission_id, "mine", [
      { address: BOB, result: "waiting", retry_at: Date.now() + 600_000 },
    ]);
    vi.useRealTimers();
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "failed", recipients: [{ status: "4.4.7" }] });
    await attemptAfter(98 * 3600, alice.stub);
    expect(await reports(alice)).toHaveLength(1);
  });
});
