/** A message leaves exactly once, whatever the relay says and the queue does, and its submission tells the truth. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { breaks, loses, losesAnswer, storedBytes, withFaults } from "./faults.ts";
import { anAccount, eventually } from "./mesh.ts";
import {
  alarmAfter,
  attemptAfter,
  bounceAddressOf,
  consume,
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

describe("a relay that is down, then busy, then there", () => {
  it("gets the message once, and the submission says at each step how it stands", async () => {
    const alice = await anAccount();
    await relayIsDown();
    const sent = await send(alice, [BOB], { undo_seconds: 1 });
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "queued", attempts: 0, can_undo: true });
    const down = await reaches(alice, sent, "deferred");
    expect(down).toMatchObject({
      attempts: 1,
      can_undo: false,
      recipients: [{ email: BOB, state: "deferred", status: expect.stringMatching(/^4\.4\.\d$/) }],
    });
    expect(Date.parse(down.next_attempt_at ?? "")).toBeGreaterThan(
      Date.parse(down.recipients[0]?.updated_at ?? "") + 900,
    );
    const busy = await relayThrough({ rules: [{ on: "RCPT", do: ["451 4.7.1 Greylisted, come back later"] }] });
    const greylisted = await eventually(async () => {
      const submission = await submissionOf(alice, sent);
      return submission.recipients[0]?.status === "4.7.1" && submission;
    });
    expect(greylisted).toMatchObject({
      state: "deferred",
      recipients: [{ reply: expect.stringContaining("Greylisted"), remote_mta: "127.0.0.1" }],
    });
    const peer = await relayThrough();
    const done = await reaches(alice, sent, "sent");
    expect(done).toMatchObject({ next_attempt_at: null, recipients: [{ state: "sent", status: "2.0.0" }] });
    expect(done.attempts).toBeGreaterThanOrEqual(3);
    expect(await taken(peer)).toEqual([{ mail_from: bounceAddressOf(alice), rcpt_to: [BOB] }]);
    expect(await taken(busy)).toEqual([]);
    expect(await reports(alice)).toEqual([]);
  });
});

describe("a relay that refuses", () => {
  it("for good is told to the sender, in the thread of the message, from nobody", async () => {
    const alice = await anAccount();
    await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 <bob@far.example>: no such user"] }] });
    const sent = await send(alice, [BOB]);
    expect(await reaches(alice, sent, "failed")).toMatchObject({
      next_attempt_at: null,
      recipients: [{ status: "5.1.1" }],
    });
    const [report, ...others] = await eventually(async () => (await reports(alice)).length > 0 && reports(alice));
    expect(others).toEqual([]);
    expect(report).toMatchObject({ return_path: "", delivered_to: [alice.email], is_read: false });
    expect(report?.thread_id).toBe((await alice.open(sent.id)).thread_id);
    expect(report?.body).toContain(BOB);
    const raw = await (await alice.call("GET", `/messages/${report?.id}/raw`)).arrayBuffer();
    const text = new TextDecoder().decode(raw);
    expect(text).toMatch(/^Return-Path: <>\r\n/);
    expect(text).toContain("Final-Recipient: rfc822; bob@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n");
    expect(text).toContain("Diagnostic-Code: smtp; 550 5.1.1");
  });

  it("one of two recipients sends to the other once, and reports the one", async () => {
    const alice = await anAccount();
    const peer = await relayThrough({ rules: [{ on: `RCPT TO:<${ANN}`, do: ["550 5.7.1 Not to her"] }] });
    const sent = await send(alice, [BOB, ANN]);
    const { recipients } = await reaches(alice, sent, "failed");
    expect(recipients.map(({ email, state }) => `${email} ${state}`).sort()).toEqual([`${ANN} failed`, `${BOB} sent`]);
    expect(await taken(peer)).toEqual([{ mail_from: bounceAddressOf(alice), rcpt_to: [BOB] }]);
    const [report] = await eventually(async () => (await reports(alice)).length > 0 && reports(alice));
    expect(report?.body).toContain(ANN);
    expect(report?.body).not.toContain(BOB);
  });

  it("one for now tries that one again, and the other not", async () => {
    const alice = await anAccount();
    const peer = await relayThrough({ rules: [{ on: `RCPT TO:<${ANN}`, do: ["452 4.2.2 Mailbox full"] }] });
    const sent = await send(alice, [BOB, ANN]);
    expect(await reaches(alice, sent, "deferred")).toMatchObject({ next_attempt_at: expect.any(String) });
    const second = await relayThrough();
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toContainEqual({ mail_from: bounceAddressOf(alice), rcpt_to: [BOB] });
    expect(await taken(second)).toEqual([{ mail_from: bounceAddressOf(alice), rcpt_to: [ANN] }]);
  });

  it("for four days is believed: the message failed", async () => {
    const alice = await anAccount();
    queueForgets();
    await relayIsDown();
    const sent = await send(alice, [BOB]);
    await attemptAfter(0, alice.stub);
    await attemptAfter(4 * 86_400 - 60, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "deferred", attempts: 2 });
    await attemptAfter(4 * 86_400 + 60, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "failed", attempts: 3, next_attempt_at: null });
    // That it is late, and then that it failed.
    expect((await reports(alice)).map(({ subject }) => subject.split(" to ")[0])).toEqual([
      "Not delivered",
      "Not delivered yet",
    ]);
  });
});

describe("a queue message", () => {
  it("that comes twice finds the lease taken", async () => {
    const alice = await anAccount();
    queueForgets();
    const peer = await relayThrough({ rules: [{ on: "MAIL", do: [{ pause_ms: 200 }, "250 2.1.0 Ok"] }] });
    await send(alice, [BOB]);
    await alarmAfter(0, alice.stub);
    await Promise.all([consume(alice.stub), consume(alice.stub), consume(alice.stub)]);
    await consume(alice.stub);
    expect(await taken(peer)).toHaveLength(1);
  });

  it("that comes again while the message waits for its next try changes nothing", async () => {
    const alice = await anAccount();
    queueForgets();
    await relayIsDown();
    const sent = await send(alice, [BOB]);
    await attemptAfter(0, alice.stub);
    const deferred = await submissionOf(alice, sent);
    const peer = await relayThrough();
    await consume(alice.stub);
    expect(await submissionOf(alice, sent)).toEqual(deferred);
    expect(await peer.sessions()).toEqual([]);
    await attemptAfter(5, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
  });

  it("for a message that was taken back, or that nobody knows, does nothing", async () => {
    const alice = await anAccount();
    const peer = await relayThrough();
    const { submission_id } = await send(alice, [BOB], { undo_seconds: 100 });
    await consume(alice.stub);
    await alice.call("DELETE", `/submissions/${submission_id}`);
    await attemptAfter(200, alice.stub);
    const job = await newestJob(alice.stub);
    await env.OUTBOUND.send({ ...job, submission_id: 1 });
    await env.OUTBOUND.send({ user_id: "u0000000000000000", submission_id: 1 });
    expect(await peer.sessions()).toEqual([]);
  });

  it.each([
    ["lost", loses],
    ["refused", breaks],
  ])("that is %s is put there again by the alarm", async (_how, fault) => {
    const alice = await anAccount();
    const { OUTBOUND } = env;
    env.OUTBOUND = withFaults({ OUTBOUND: { sendBatch: fault } }).OUTBOUND;
    const peer = await relayThrough();
    const sent = await send(alice, [BOB]);
    await alarmAfter(1, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "queued", next_attempt_at: expect.any(String) });
    env.OUTBOUND = OUTBOUND;
    await alarmAfter(30, alice.stub);
    expect(await peer.sessions()).toEqual([]);
    await alarmAfter(62, alice.stub);
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
  });
});

describe("a consumer that dies", () => {
  it("while it sends loses its lease, and another sends", async () => {
    const alice = await anAccount();
    queueForgets();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB]);
    await alarmAfter(0, alice.stub);
    const { submission_id } = await newestJob(alice.stub);
    expect(await alice.stub.claim(submission_id, "of the dead")).toMatchObject({ rcpt_to: [BOB] });
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sending", attempts: 1 });
    await attemptAfter(60, alice.stub);
    expect(await peer.sessions()).toEqual([]);
    await attemptAfter(100, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", attempts: 2, next_attempt_at: null });
    expect(await taken(peer)).toHaveLength(1);
  });

  it.each([
    ["before the report", breaks],
    ["after the report", losesAnswer],
  ])("%s of a failure leaves one report all the same", async (_when, fault) => {
    const alice = await anAccount();
    queueForgets();
    await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 No"] }] });
    const sent = await send(alice, [BOB]);
    await alarmAfter(0, alice.stub);
    await expect(consume(alice.stub, { MAILBOX: { deliverReport: fault } })).rejects.toThrow("injected");
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "failed" });
    await attemptAfter(100, alice.stub);
    await attemptAfter(200, alice.stub);
    expect(await reports(alice)).toHaveLength(1);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "failed", next_attempt_at: null, attempts: 1 });
    // The sent copy and the report; the bytes of the report that came to nothing go with the other orphans.
    for (let n = 0; n < 2; n++) await alarmAfter(8 * 86_400 + n, alice.stub);
    expect(await storedBytes(alice)).toHaveLength(2);
  });
});
