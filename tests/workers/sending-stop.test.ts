import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { Sending } from "../../contract/sending.ts";
import { recordFeedback } from "../../durable-objects/mailbox/sending-stop.ts";
import { tellStop } from "../../workers/outbound/tell-stop.ts";
import { ok, problemOf } from "./api-answers.ts";
import { losesAnswer, only, storedBytes, withFaults } from "./faults.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, asAdmin, eventually } from "./mesh.ts";
import {
  alarmAfter,
  attemptAfter,
  queueForgets,
  reaches,
  relayThrough,
  reports,
  send,
  submissionOf,
  taken,
} from "./outgoing.ts";

const DAY_SECONDS = 24 * 3600;
const strangers = (n: number) => Array.from({ length: n }, (_, i) => `r${i}@far.example`);
const sending = (account: Account) => ok(account.call("GET", "/sending"), Sending);
const setSending = (account: Account, body: object) =>
  ok(asAdmin("PUT", `/accounts/${encodeURIComponent(account.email)}/sending`, body), Sending);
/** The first of the strangers are refused with these words. */
const badOnes = (n: number, reply: string) =>
  strangers(n).map((address) => ({ on: `RCPT TO:<${address}>`, do: [reply] }));
const now = { undo_seconds: 0 };
const trySend = (account: Account) => account.call("POST", "/messages", { to: [{ email: "zoe@far.example" }], ...now });

/** As many recipients as it says were written to, and this came of it. */
const feedback = (account: Account, recipients: number, kind: "bounced" | "complained", n: number) =>
  mailboxOf(account, (box, storage) => {
    const day = new Date().toISOString().slice(0, 10);
    storage.sql.exec("INSERT INTO sending_day (day, recipients) VALUES (?, ?)", day, recipients);
    recordFeedback(box, kind, n, Date.now());
  });

const notices = async (account: Account) =>
  (await account.messages()).filter(({ subject }) => subject === "Your account cannot send any more");

describe("an account whose mail bounces", () => {
  it("is stopped, its owner told once and why, and the operator by a code", async () => {
    const alarm = vi.spyOn(console, "error");
    const alice = await aCheckedAccount();
    await relayThrough({ rules: badOnes(6, "550 5.1.1 No such user") });
    const sent = await send(alice, strangers(30), now);
    await reaches(alice, sent, "failed");
    expect(await sending(alice)).toMatchObject({
      is_stopped: true,
      stopped_why: "6 of the 30 addresses written to in the last seven days do not exist.",
    });
    expect(await problemOf(trySend(alice))).toMatchObject({
      reason: "sending_stopped",
      status: 403,
      detail: expect.stringContaining("6 of the 30 addresses"),
    });
    const [notice] = await eventually(async () => {
      const found = await notices(alice);
      return found.length > 0 && found;
    });
    expect((await alice.open(notice?.id ?? "")).body).toContain("6 of the 30 addresses");
    for (let n = 0; n < 3; n++) await runDurableObjectAlarm(alice.stub);
    expect(await notices(alice)).toHaveLength(1);
    const codes = alarm.mock.calls.filter(([code]) => code === "alert MM-SENDING-STOPPED");
    expect(codes).toEqual([["alert MM-SENDING-STOPPED", expect.objectContaining({ user_id: alice.user_id })]]);
  });

  it("is not stopped for a few typos, for refusals that are not about the address, or for those in the house", async () => {
    const alice = await aCheckedAccount();
    await relayThrough({ rules: badOnes(5, "554 5.7.1 We do not like you") });
    const home = Array.from({ length: 10 }, (_, i) => `nobody${i}@${alice.email.split("@")[1]}`);
    await reaches(alice, await send(alice, [...strangers(30), ...home], now), "failed");
    expect((await sending(alice)).is_stopped).toBe(false);
    const bob = await aCheckedAccount();
    await feedback(bob, 10, "bounced", 10);
    const carol = await aCheckedAccount();
    await feedback(carol, 100, "bounced", 10);
    for (const account of [bob, carol]) expect((await sending(account)).is_stopped).toBe(false);
    await mailboxOf(carol, (box) => recordFeedback(box, "bounced", 1, Date.now()));
    expect((await sending(carol)).is_stopped).toBe(true);
  });
});

describe("an account whose mail is called spam", () => {
  it("is stopped at three complaints that are more than three in a thousand", async () => {
    const [alice, bob, carol] = [await aCheckedAccount(), await aCheckedAccount(), await aCheckedAccount()];
    await feedback(alice, 10, "complained", 2);
    await feedback(bob, 1000, "complained", 3);
    await feedback(carol, 999, "complained", 3);
    const stopped = await Promise.all([alice, bob, carol].map(async (account) => (await sending(account)).is_stopped));
    expect(stopped).toEqual([false, false, true]);
  });

  it("is judged by the last seven days", async () => {
    const alice = await aCheckedAccount();
    await feedback(alice, 50, "complained", 2);
    await mailboxOf(alice, (box) => recordFeedback(box, "complained", 2, Date.now() + 7 * DAY_SECONDS * 1000));
    expect((await sending(alice)).is_stopped).toBe(false);
    await mailboxOf(alice, (box) => recordFeedback(box, "complained", 1, Date.now() + 6 * DAY_SECONDS * 1000));
    expect((await sending(alice)).is_stopped).toBe(true);
  });
});

describe("what waits in the outbox of a stopped account", () => {
  it("stays there until an operator lifts the stop, and then leaves once", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    const sent = await send(alice, ["zoe@far.example"], { undo_seconds: 2 });
    await setSending(alice, { is_stopped: true });
    for (const seconds of [3, 3700, DAY_SECONDS]) await attemptAfter(seconds, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "queued", attempts: 0 });
    expect(await taken(peer)).toEqual([]);
    expect(await setSending(alice, { is_stopped: false })).toMatchObject({ is_stopped: false, stopped_why: null });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await setSending(alice, { is_stopped: true });
    await setSending(alice, { is_stopped: false });
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
  });

  it("is held although the queue has it already", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    queueForgets();
    const sent = await send(alice, ["zoe@far.example"], now);
    await alarmAfter(1, alice.stub);
    await setSending(alice, { is_stopped: true });
    await attemptAfter(0, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "queued", attempts: 0 });
    expect(await taken(peer)).toEqual([]);
  });

  it("fails when its time is over, and its owner gets the report", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    queueForgets();
    const sent = await send(alice, ["zoe@far.example"], now);
    await setSending(alice, { is_stopped: true });
    await attemptAfter(4 * DAY_SECONDS + 10, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({
      state: "failed",
      next_attempt_at: null,
      recipients: [{ status: "5.7.1", reply: "The account may not send" }],
    });
    expect((await reports(alice)).filter(({ subject }) => !subject.startsWith("Your account"))).toHaveLength(1);
    expect(await taken(peer)).toEqual([]);
  });
});

describe("a stop that is lifted", () => {
  it("begins the counting afresh, with today's recipients", async () => {
    const alice = await aCheckedAccount();
    await feedback(alice, 30, "bounced", 10);
    await setSending(alice, { is_stopped: false });
    expect(await sending(alice)).toMatchObject({ is_stopped: false, used: 30 });
    await mailboxOf(alice, (box) => recordFeedback(box, "bounced", 4, Date.now()));
    expect((await sending(alice)).is_stopped).toBe(false);
    await mailboxOf(alice, (box) => recordFeedback(box, "bounced", 1, Date.now()));
    expect((await sending(alice)).is_stopped).toBe(true);
  });

  it("is told again when it comes again", async () => {
    const alice = await aCheckedAccount();
    for (const n of [1, 2]) {
      await setSending(alice, { is_stopped: true });
      await eventually(async () => (await notices(alice)).length === n);
      await setSending(alice, { is_stopped: false });
    }
  });
});

describe("the letter about a stop", () => {
  it("comes once although its delivery's answer is lost, and leaves no bytes of a second one", async () => {
    queueForgets();
    const alice = await aCheckedAccount();
    await setSending(alice, { is_stopped: true });
    const job = { user_id: alice.user_id, stop_notice: true } as const;
    const faulty = withFaults({ MAILBOX: { deliverStopNotice: only(1, losesAnswer) } });
    await expect(tellStop(faulty, job)).rejects.toThrow("injected");
    await Promise.all([tellStop(faulty, job), tellStop(faulty, job)]);
    expect(await notices(alice)).toHaveLength(1);
    expect(await storedBytes(alice)).toHaveLength(1);
  });
});
