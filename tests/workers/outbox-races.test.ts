/** Two consumers of one submission. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { RecipientReport } from "../../durable-objects/mailbox/outbox.ts";
import { storedBytes } from "./faults.ts";
import { type Account, anAccount } from "./mesh.ts";
import {
  alarmAfter,
  attemptAfter,
  consume,
  newestJob,
  queueForgets,
  relayThrough,
  reports,
  send,
  submissionOf,
} from "./outgoing.ts";

const BOB = "bob@far.example";
const ANN = "ann@far.example";

type Outcome = Exclude<RecipientReport["result"], "waiting">;

const says = (address: string, result: Outcome): RecipientReport => {
  const status = { sent: "2.0.0", delivered: "2.0.0", failed: "5.1.1", deferred: "4.4.1", uncertain: "4.4.2" }[result];
  return { address, result, status, reply: `${result}, it says`, remote_mta: "relay.example" };
};

/** A consumer has taken the submission, its lease ran out, and another one has taken it. */
async function twoConsumers(alice: Account, recipients = [BOB]) {
  queueForgets();
  const sent = await send(alice, recipients);
  await alarmAfter(0, alice.stub);
  const { submission_id } = await newestJob(alice.stub);
  await alice.stub.claim(submission_id, "slow");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 100_000 });
  await runInDurableObject(alice.stub, (mailbox) => mailbox.alarm());
  expect(await alice.stub.claim(submission_id, "quick")).toMatchObject({ rcpt_to: recipients.toSorted() });
  const report = (lease: string, ...results: RecipientReport[]) => alice.stub.report(submission_id, lease, results);
  return { sent, submission_id, report };
}

describe("a consumer that reports after its lease ran out", () => {
  it("cannot make what was sent open again", async () => {
    const alice = await anAccount();
    const { sent, report } = await twoConsumers(alice);
    await report("quick", says(BOB, "sent"));
    await report("slow", says(BOB, "deferred"));
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", next_attempt_at: null });
    await report("slow", says(BOB, "failed"));
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", next_attempt_at: null });
  });

  it("keeps it from being sent once more, if it was sent", async () => {
    const alice = await anAccount();
    const { sent, report, submission_id } = await twoConsumers(alice);
    await report("slow", says(BOB, "sent"));
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent" });
    await report("quick", says(BOB, "deferred"));
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", next_attempt_at: null });
    expect(await alice.stub.claim(submission_id, "third")).toBeNull();
  });

  it("ends the submission that nobody has any more", async () => {
    const alice = await anAccount();
    const { sent, report, submission_id } = await twoConsumers(alice, [BOB, ANN]);
    await report("quick", says(BOB, "deferred"), says(ANN, "sent"));
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "deferred" });
    await report("slow", says(BOB, "sent"), says(ANN, "deferred"));
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", next_attempt_at: null });
    expect(await alice.stub.claim(submission_id, "third")).toBeNull();
  });

  it("does not take the lease from who has it, nor decide what is still being tried", async () => {
    const alice = await anAccount();
    const { sent, report, submission_id } = await twoConsumers(alice, [BOB, ANN]);
    await report("slow", says(BOB, "sent"), says(ANN, "failed"));
    const { recipients } = await submissionOf(alice, sent);
    expect(recipients.map(({ email, state }) => `${email} ${state}`).sort()).toEqual([`${ANN} sending`, `${BOB} sent`]);
    expect(await alice.stub.renew(submission_id, "quick")).toBe(true);
    expect(await alice.stub.renew(submission_id, "slow")).toBe(false);
    expect(await alice.stub.claim(submission_id, "third")).toBeNull();
  });
});

describe("two reports about one failure", () => {
  it("are one in the inbox, and no bytes are left of the other", async () => {
    const alice = await anAccount();
    queueForgets();
    await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 No"] }] });
    const sent = await send(alice, [BOB]);
    await alarmAfter(0, alice.stub);
    // The first consumer writes its results, and takes so long over the report that another one makes it too.
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const slowly = consume(alice.stub, {
      MAILBOX: { deliverReport: (real, args) => held.then(() => real(...args)) },
    });
    await vi.waitUntil(async () => (await submissionOf(alice, sent)).state === "failed");
    await attemptAfter(100, alice.stub);
    expect(await reports(alice)).toHaveLength(1);
    release();
    await slowly;
    expect(await reports(alice)).toHaveLength(1);
    expect(await storedBytes(alice)).toHaveLength(2);
  });

  it("about different recipients are two, and the second try is not disturbed by the first one's report", async () => {
    const alice = await anAccount();
    queueForgets();
    await relayThrough({
      rules: [
        { on: `RCPT TO:<${ANN}`, do: ["550 5.1.1 No"] },
        { on: "RCPT", do: ["451 4.7.1 Later"] },
      ],
    });
    const sent = await send(alice, [BOB, ANN]);
    await alarmAfter(0, alice.stub);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const slowly = consume(alice.stub, {
      MAILBOX: { deliverReport: (real, args) => held.then(() => real(...args)) },
    });
    await vi.waitUntil(async () => (await submissionOf(alice, sent)).state === "deferred");
    await alarmAfter(10, alice.stub);
    const { submission_id } = await newestJob(alice.stub);
    expect(await alice.stub.claim(submission_id, "second")).toMatchObject({ rcpt_to: [BOB] });
    release();
    await slowly;
    expect(await alice.stub.renew(submission_id, "second")).toBe(true);
    expect(await reports(alice)).toHaveLength(1);
    await alice.stub.report(submission_id, "second", [says(BOB, "failed")]);
    await attemptAfter(300, alice.stub);
    const told = await reports(alice);
    expect(told.map(({ body }) => [body.includes(BOB), body.includes(ANN)])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});
