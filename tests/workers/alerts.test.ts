/** The cron's look at the queue: alerts are raised, told and cleared, each once. */
import { createMessageBatch, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeadLetterList } from "../../contract/admin.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import worker from "../../workers/index.ts";
import { OUTBOUND_QUEUE } from "../../workers/queues/dead-letters.ts";
import { done, ok } from "./api-answers.ts";
import { breaks, loses, withFaults } from "./faults.ts";
import { aLetter, anAccount, asAdmin, eventually } from "./mesh.ts";
import { aDeferredSubmission, aDestination, directoryHears } from "./operator.ts";
import { attemptAfter, relayThrough } from "./outgoing.ts";

const WEBHOOK = "https://alerts.example/hook";

let lines: string[];
/** What the webhook was sent, and what it answers: a status, or null for nothing at all. */
let hooked: Record<string, unknown>[];
let answers: number | null;

beforeEach(() => {
  [lines, hooked, answers] = [[], [], 204];
  for (const level of ["error", "warn"] as const) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void lines.push(String(words[0])));
  }
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as string, init);
    if (request.url !== WEBHOOK) return real(request);
    hooked.push(await request.json());
    if (answers === null) throw new TypeError("no connection");
    return new Response(null, { status: answers });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  delete env.ALERT_WEBHOOK_URL;
  delete env.QUEUE_ALERT_RECIPIENTS;
  delete env.QUEUE_ALERT_AGE_SECONDS;
});

/** What cron's look says, so many seconds from now. */
async function minute(seconds = 0): Promise<string[]> {
  lines = [];
  const scheduledTime = new Date(Date.now() + seconds * 1000);
  await worker.scheduled(createScheduledController({ scheduledTime, cron: "* * * * *" }), env);
  return lines.filter((line) => line.startsWith("alert "));
}

/** So many recipients wait at a destination, as its object knows it. */
async function thatManyWait(recipients: number): Promise<() => Promise<void>> {
  const name = aDestination();
  const stub = env.DESTINATION.getByName(name);
  const key = { user_id: "u0000000000000000", submission_id: 1 };
  await stub.waits(name, { ...key, recipients, cause: null, next_attempt_at: Date.now() });
  await directoryHears(name);
  return async () => {
    await stub.noLongerWaits(name, key);
    await directoryHears(name);
  };
}

describe("the alert of a queue that grows", () => {
  it("is raised by deferred submissions, once, and cleared when they have left, once", async () => {
    env.QUEUE_ALERT_RECIPIENTS = "2";
    const alice = await anAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `a@${name}`, `b@${name}`);
    await directoryHears(name);
    expect(await minute()).toEqual([]);
    await aDeferredSubmission(alice, `c@${name}`);
    await directoryHears(name);
    expect(await minute()).toEqual(["alert MM-QUEUE-SIZE raised: 3 recipients wait, at 1 destinations"]);
    expect(await minute()).toEqual([]);
    await relayThrough();
    await attemptAfter(5, alice.stub);
    await directoryHears(name);
    expect(await minute()).toEqual(["alert MM-QUEUE-SIZE cleared: 2 recipients wait, at 1 destinations"]);
    expect(await minute()).toEqual([]);
  });

  it("has a limit of a thousand, also where the setting is no number", async () => {
    const cleared = await thatManyWait(990);
    expect(await minute()).toEqual([]);
    const more = await thatManyWait(100);
    env.QUEUE_ALERT_RECIPIENTS = "many";
    expect((await minute()).join()).toContain("MM-QUEUE-SIZE raised");
    await more();
    await cleared();
    expect((await minute()).join()).toContain("MM-QUEUE-SIZE cleared");
  });
});

describe("the alert of a queue that ages", () => {
  it("is raised when the oldest mail waits for more than four hours, and cleared when it does not", async () => {
    const cleared = await thatManyWait(1);
    expect(await minute(3 * 3600)).toEqual([]);
    expect((await minute(4 * 3600 + 60)).join()).toMatch(
      /^alert MM-QUEUE-AGE raised: the oldest mail waits since \d+ s/,
    );
    expect(await minute(5 * 3600)).toEqual([]);
    await cleared();
    env.QUEUE_ALERT_AGE_SECONDS = "999999";
    expect((await minute(5 * 3600)).join()).toMatch(/^alert MM-QUEUE-AGE cleared/);
  });
});

describe("the alert of a queue whose consumers are away", () => {
  it("comes from the platform's own word about the queue: nobody else knows", async () => {
    const { OUTBOUND } = env;
    const oldestMessageTimestamp = new Date(Date.now() - 5 * 3_600_000);
    const metrics = async () => ({ backlogCount: 7, backlogBytes: 700, oldestMessageTimestamp });
    env.OUTBOUND = withFaults({ OUTBOUND: { metrics } }).OUTBOUND;
    expect((await minute()).join()).toMatch(/^alert MM-QUEUE-AGE raised/);
    env.OUTBOUND = withFaults({ OUTBOUND: { metrics: breaks } }).OUTBOUND;
    expect((await minute()).join()).toMatch(/^alert MM-QUEUE-AGE cleared/);
    env.OUTBOUND = OUTBOUND;
  });
});

it("a Directory that does not answer does not keep letters from their mailboxes, and the run is marked as failed", async () => {
  const alice = await anAccount();
  const envelope = { mail_from: "zoe@far.example", rcpt_to: [alice.email] };
  const bytes = new Uint8Array(new TextEncoder().encode(aLetter()));
  await acceptMail(withFaults({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }), envelope, bytes, {});
  const controller = createScheduledController({ scheduledTime: new Date(), cron: "* * * * *" });
  await expect(worker.scheduled(controller, withFaults({ DIRECTORY: { totals: breaks } }))).rejects.toThrow(
    "scheduled",
  );
  await eventually(async () => (await alice.messages()).length === 1);
});

describe("the alert of dead letters", () => {
  it("is raised by the first and cleared when none is left", async () => {
    const body = { dead: crypto.randomUUID() };
    const message = { id: "dead", timestamp: Date.now(), attempts: 1, body };
    await worker.queue(createMessageBatch(`${OUTBOUND_QUEUE}-dead`, [message]), env);
    expect(await minute()).toEqual(["alert MM-DEAD-LETTERS raised: 1 dead letters"]);
    const { dead_letters } = await ok(asAdmin("GET", "/dead-letters"), DeadLetterList);
    for (const { id } of dead_letters) await done(asAdmin("DELETE", `/dead-letters/${id}`));
    expect(await minute()).toEqual(["alert MM-DEAD-LETTERS cleared: 0 dead letters"]);
  });
});

describe("the webhook", () => {
  it("is told what is raised and what is cleared, once each", async () => {
    env.ALERT_WEBHOOK_URL = WEBHOOK;
    const cleared = await thatManyWait(2_000);
    await minute();
    await minute();
    await cleared();
    await minute();
    await minute();
    expect(hooked).toMatchObject([
      { code: "MM-QUEUE-SIZE", state: "raised", text: expect.stringContaining("recipients wait"), mesh: env.HOSTNAME },
      { code: "MM-QUEUE-SIZE", state: "cleared" },
    ]);
  });

  it.each([500, null])(
    "is tried again the next minute when it answers %s, and the log is not repeated",
    async (bad) => {
      env.ALERT_WEBHOOK_URL = WEBHOOK;
      const cleared = await thatManyWait(2_000);
      answers = bad;
      expect(await minute()).toHaveLength(1);
      expect(lines.some((line) => line.includes("webhook"))).toBe(true);
      answers = 200;
      expect(await minute()).toEqual([]);
      expect(await minute()).toEqual([]);
      expect(hooked.map(({ state }) => state)).toEqual(["raised", "raised"]);
      await cleared();
      await minute();
      expect(hooked.at(-1)).toMatchObject({ state: "cleared" });
    },
  );
});
