/** A mesh that breaks while it sends, and messages that are deleted meanwhile. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { breaks, storedBytes, withFaults } from "./faults.ts";
import { aDomain, anAccount } from "./mesh.ts";
import {
  alarmAfter,
  attemptAfter,
  queueForgets,
  relayThrough,
  reports,
  send,
  submissionOf,
  taken,
} from "./outgoing.ts";

const BOB = "bob@far.example";
const ANN = "ann@far.example";

describe("what breaks on our side", () => {
  it.each([
    ["the store", { MAIL: { get: breaks } }],
    ["a Domain", { DOMAIN: { exists: breaks } }],
  ])("%s defers the message, and says so", async (_what, faults) => {
    const alice = await anAccount();
    queueForgets();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB]);
    await attemptAfter(0, alice.stub, faults);
    const deferred = await submissionOf(alice, sent);
    expect(deferred).toMatchObject({
      state: "deferred",
      recipients: [{ status: "4.3.0" }],
      next_attempt_at: expect.any(String),
    });
    await attemptAfter(10, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent" });
    expect(await taken(peer)).toHaveLength(1);
  });

  it("a Mailbox that takes neither the letter nor its note defers it for the recipients here", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    queueForgets();
    const peer = await relayThrough();
    const sent = await send(alice, [bob.email, ANN]);
    await attemptAfter(0, alice.stub, { MAIL: { put: breaks } });
    const states = async () =>
      (await submissionOf(alice, sent)).recipients.map(({ email, state }) => `${email} ${state}`).sort();
    expect(await states()).toEqual([`${ANN} sent`, `${bob.email} deferred`]);
    await attemptAfter(10, alice.stub);
    expect(await states()).toEqual([`${ANN} sent`, `${bob.email} delivered`]);
    expect(await taken(peer)).toHaveLength(1);
    expect(await bob.messages()).toHaveLength(1);
  });

  it("the bytes being gone fails after four days, and the sender is told", async () => {
    const alice = await anAccount();
    queueForgets();
    await relayThrough();
    const sent = await send(alice, [BOB]);
    for (const key of await storedBytes(alice)) await env.MAIL.delete(key);
    await attemptAfter(0, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "deferred" });
    await attemptAfter(5 * 86_400, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "failed", next_attempt_at: null });
    expect((await reports(alice))[0]?.body).toContain(BOB);
  });
});

it("a failure is told in the inbox although its conversation is muted", async () => {
  const alice = await anAccount();
  queueForgets();
  await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 Nobody here"] }] });
  const sent = await send(alice, [BOB]);
  const { thread_id } = await alice.open(sent.id);
  await alice.call("PATCH", `/threads/${thread_id}`, { is_muted: true });
  await attemptAfter(0, alice.stub);
  expect(await reports(alice)).toHaveLength(1);
  expect((await alice.messages()).map((message) => [message.thread_id, message.is_read])).toEqual([[thread_id, false]]);
});

describe("a message that is deleted while it waits", () => {
  it("leaves all the same, and its bytes go afterwards", async () => {
    const alice = await anAccount();
    queueForgets();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB], { undo_seconds: 60 });
    for (let n = 0; n < 2; n++) await alice.call("DELETE", `/messages/${sent.id}`);
    await alarmAfter(10, alice.stub);
    expect(await storedBytes(alice)).toHaveLength(1);
    await attemptAfter(70, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent" });
    await alarmAfter(80, alice.stub);
    expect(await storedBytes(alice)).toEqual([]);
  });

  it("is not brought back by the undo, and its bytes go", async () => {
    const alice = await anAccount();
    const sent = await send(alice, [BOB], { undo_seconds: 60 });
    for (let n = 0; n < 2; n++) await alice.call("DELETE", `/messages/${sent.id}`);
    expect((await alice.call("DELETE", `/submissions/${sent.submission_id}`)).status).toBe(204);
    expect(await alice.messages("drafts")).toEqual([]);
    await alarmAfter(10, alice.stub);
    expect(await storedBytes(alice)).toEqual([]);
  });
});

describe("a deployment's queue that refuses many", () => {
  it("keeps every submission due", async () => {
    const alice = await anAccount();
    const peer = await relayThrough();
    const { OUTBOUND } = env;
    env.OUTBOUND = withFaults({ OUTBOUND: { sendBatch: breaks } }).OUTBOUND;
    const all = [];
    for (let n = 0; n < 20; n++) all.push(await send(alice, [BOB], { subject: `${n}` }));
    await alarmAfter(1, alice.stub);
    env.OUTBOUND = OUTBOUND;
    await alarmAfter(70, alice.stub);
    await vi.waitUntil(async () => (await taken(peer)).length === all.length, { timeout: 8000, interval: 100 });
    for (const sent of all) expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", attempts: 1 });
  });
});
