/** How fast mail leaves for one domain, on real connections and by the object's own calls. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../../durable-objects/destination/signal.ts";
import type { Admission } from "../../durable-objects/destination/slots.ts";
import { breaks } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { anAccount } from "./mesh.ts";
import { aDestination } from "./operator.ts";
import {
  alarmAfter,
  attemptAfter,
  consume,
  queueForgets,
  relayThrough,
  send,
  submissionOf,
  taken,
} from "./outgoing.ts";

const TOO_MANY: Outcome = { result: "deferred", status: "4.7.0", reply: "421 4.7.0 Too many connections" };
const OK: Outcome = { result: "sent", status: "2.0.0", reply: "250 OK" };
const key = { user_id: "u0000000000000000", submission_id: 1 };

const admit = async (name: string): Promise<Admission> => env.DESTINATION.getByName(name).admit(name);
const settle = (name: string, admission: Admission, ...outcomes: Outcome[]) =>
  env.DESTINATION.getByName(name).settle(name, { slot: admission.granted ? admission.slot : null, outcomes, key });

/** Two transactions that were met with 421: from now on the destination is paused. */
async function isPaused(name: string): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await settle(name, await admit(name), TOO_MANY);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

beforeEach(() => {
  env.DESTINATION_THROTTLE = "on";
});

afterEach(() => {
  vi.useRealTimers();
  env.DESTINATION_THROTTLE = "off";
});

describe("a destination", () => {
  it("lets five transactions run at once, and the next when one of them has ended", async () => {
    const name = aDestination();
    const five = await Promise.all(Array.from({ length: 5 }, () => admit(name)));
    expect(five.every(({ granted }) => granted)).toBe(true);
    const sixth = admit(name);
    const [first] = five;
    if (first) await settle(name, first, OK);
    expect(await sixth).toMatchObject({ granted: true });
  });

  it("says when to come again where none of them ends", async () => {
    const name = aDestination();
    await Promise.all(Array.from({ length: 5 }, () => admit(name)));
    const asked = Date.now();
    const sixth = await admit(name);
    expect(sixth).toMatchObject({ granted: false, retry_at: expect.any(Number) });
    expect(sixth.granted ? 0 : sixth.retry_at).toBeGreaterThan(asked + 5_000);
  });

  it("has its slots back when their consumers have crashed", async () => {
    const name = aDestination();
    await Promise.all(Array.from({ length: 5 }, () => admit(name)));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 121_000 });
    expect(await admit(name)).toMatchObject({ granted: true });
  });

  it("is paused after a second 421, for everyone, until the pause is over", async () => {
    const name = aDestination();
    await isPaused(name);
    const refused = await admit(name);
    expect(refused.granted).toBe(false);
    const retryAt = refused.granted ? 0 : refused.retry_at;
    expect(retryAt).toBeGreaterThan(Date.now() + 10_000);
    vi.useFakeTimers({ toFake: ["Date"], now: retryAt + 1 });
    expect(await admit(name)).toMatchObject({ granted: true });
  });

  it("knows what it learned after it was evicted", async () => {
    const name = aDestination();
    await isPaused(name);
    const stub = env.DESTINATION.getByName(name);
    const rows = await runInDurableObject(stub, (_object, { storage }) =>
      storage.sql.exec("SELECT name, strikes, concurrency FROM destination").toArray(),
    );
    expect(rows).toEqual([{ name, strikes: 2, concurrency: 1 }]);
  });

  it("that nobody sends to has no tables, whoever asks for it", async () => {
    const stub = env.DESTINATION.getByName(aDestination());
    expect(await stub.describe(null, 10)).toBeNull();
    const tables = await runInDurableObject(stub, (_object, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master").toArray(),
    );
    expect(tables).toEqual([]);
  });
});

describe("mail for a destination that is paused", () => {
  it("waits without an attempt, and leaves when the pause is over", async () => {
    const alice = await aCheckedAccount();
    const name = aDestination();
    await isPaused(name);
    const peer = await relayThrough();
    queueForgets();
    const sent = await send(alice, [`bob@${name}`], { undo_seconds: 0 });
    await alarmAfter(0, alice.stub);
    await consume(alice.stub);
    const waits = await submissionOf(alice, sent);
    expect(waits).toMatchObject({ state: "queued", attempts: 0, recipients: [{ state: "queued" }] });
    expect(Date.parse(waits.next_attempt_at ?? "")).toBeGreaterThan(Date.now() + 10_000);
    expect(await taken(peer)).toEqual([]);
    await attemptAfter(60, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent", attempts: 1 });
    expect(await taken(peer)).toHaveLength(1);
  });

  it("does not hold up the recipients elsewhere", async () => {
    const alice = await aCheckedAccount();
    const name = aDestination();
    await isPaused(name);
    const peer = await relayThrough();
    queueForgets();
    const other = `ann@${aDestination()}`;
    const sent = await send(alice, [`bob@${name}`, other], { undo_seconds: 0 });
    await alarmAfter(0, alice.stub);
    await consume(alice.stub);
    const { recipients } = await submissionOf(alice, sent);
    const states = Object.fromEntries(recipients.map(({ email, state }) => [email, state]));
    expect(states).toEqual({ [`bob@${name}`]: "queued", [other]: "sent" });
    expect((await taken(peer)).map(({ rcpt_to }) => rcpt_to)).toEqual([[other]]);
  });
});

describe("mail leaves all the same", () => {
  it.each([
    ["does not admit", { admit: breaks }],
    ["does not take the results", { settle: breaks }],
    ["does nothing at all", { admit: breaks, settle: breaks, waits: breaks, noLongerWaits: breaks, count: breaks }],
  ])("when its destination %s", async (_, DESTINATION) => {
    const alice = await anAccount();
    const peer = await relayThrough();
    queueForgets();
    const sent = await send(alice, [`bob@${aDestination()}`], { undo_seconds: 0 });
    await alarmAfter(0, alice.stub);
    await consume(alice.stub, { DESTINATION });
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent" });
    expect(await taken(peer)).toHaveLength(1);
  });

  it("when its destination never answers", { timeout: 60_000 }, async () => {
    const alice = await anAccount();
    const peer = await relayThrough();
    queueForgets();
    await send(alice, [`bob@${aDestination()}`], { undo_seconds: 0 });
    await alarmAfter(0, alice.stub);
    const never = () => new Promise(() => {});
    await consume(alice.stub, { DESTINATION: { admit: never, settle: never } });
    expect(await taken(peer)).toHaveLength(1);
  });
});

it("421s on real connections slow the destination down and pause it", async () => {
  const alice = await anAccount();
  const name = aDestination();
  await relayThrough({ rules: [{ on: "CONNECT", do: ["421 4.7.0 Too many connections", { close: "end" }] }] });
  queueForgets();
  await send(alice, [`bob@${name}`], { undo_seconds: 0 });
  await attemptAfter(0, alice.stub);
  await attemptAfter(5, alice.stub);
  const described = await env.DESTINATION.getByName(name).describe(null, 10);
  expect(described).toMatchObject({
    submissions: 1,
    recipients: 1,
    causes: [{ status: "4.7.0", recipients: 1 }],
    throttle: { strikes: 2, concurrency: 1, running: 0 },
  });
});
