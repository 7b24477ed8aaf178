/** Queue messages that could not be processed: kept where an operator sees them, sent again or dropped. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { DeadLetterList } from "../../contract/admin.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import worker from "../../workers/index.ts";
import { INBOUND_QUEUE, MAX_RETRIES, OUTBOUND_QUEUE } from "../../workers/queues/dead-letters.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { breaks, loses, waitingNotes, withFaults } from "./faults.ts";
import { aLetter, anAccount, asAdmin, eventually, fetchMesh } from "./mesh.ts";
import { newestJob, queueForgets, relayThrough, send, submissionOf, taken } from "./outgoing.ts";

type DeadLetter = z.infer<typeof DeadLetterList>["dead_letters"][number];

const list = async (): Promise<DeadLetter[]> =>
  (await ok(asAdmin("GET", "/dead-letters"), DeadLetterList)).dead_letters;

/** The dead letters that carry this. */
const about = async (body: object): Promise<DeadLetter[]> =>
  (await list()).filter((letter) => JSON.stringify(letter.body) === JSON.stringify(body));

const dies = (queue: string, body: object, id: string = crypto.randomUUID()) =>
  worker.queue(createMessageBatch(`${queue}-dead`, [{ id, timestamp: Date.now(), attempts: 1, body }]), env);

describe("a queue message that cannot be processed", () => {
  it("is kept, once, however often it dies", async () => {
    const body = { user_id: "u0000000000000000", submission_id: 7 };
    for (let n = 0; n < 3; n++) await dies(OUTBOUND_QUEUE, body);
    const [letter, ...others] = await about(body);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      queue: OUTBOUND_QUEUE,
      body,
      reason: null,
      died_at: expect.stringMatching(/^20\d\d-/),
    });
  });

  it("is kept with what its last try failed with", async () => {
    const body = { nonsense: crypto.randomUUID() };
    const tried = async (attempts: number) =>
      worker.queue(createMessageBatch(OUTBOUND_QUEUE, [{ id: "bad", timestamp: Date.now(), attempts, body }]), env);
    await tried(MAX_RETRIES[OUTBOUND_QUEUE] ?? 0);
    expect(await about(body)).toEqual([]);
    await tried((MAX_RETRIES[OUTBOUND_QUEUE] ?? 0) + 1);
    await dies(OUTBOUND_QUEUE, body);
    const [letter, ...others] = await about(body);
    expect(others).toEqual([]);
    expect(letter?.reason).toContain("submission_id");
  });

  it("is dropped, and then gone", async () => {
    const body = { dropped: crypto.randomUUID() };
    await dies(OUTBOUND_QUEUE, body);
    const [letter] = await about(body);
    await done(asAdmin("DELETE", `/dead-letters/${letter?.id}`));
    expect(await about(body)).toEqual([]);
    expect(await problemAt(asAdmin("DELETE", `/dead-letters/${letter?.id}`))).toBe("not_found");
    expect(await problemAt(asAdmin("POST", `/dead-letters/${letter?.id}/retry`))).toBe("not_found");
    expect(await problemAt(asAdmin("DELETE", "/dead-letters/..%2Fdomains%2Fx"))).toBe("not_found");
  });

  it("is nobody's business without the admin secret", async () => {
    expect(await problemAt(fetchMesh("/v1/admin/dead-letters"))).toBe("unauthenticated");
  });

  it("is sent again: a letter that waits for its Mailbox arrives", async () => {
    const alice = await anAccount();
    const envelope = { mail_from: "zoe@far.example", rcpt_to: [alice.email] };
    const bytes = new Uint8Array(new TextEncoder().encode(aLetter()));
    await acceptMail(withFaults({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }), envelope, bytes, {});
    const [waiting_key = ""] = await waitingNotes(alice);
    await dies(INBOUND_QUEUE, { waiting_key });
    const [letter] = await about({ waiting_key });
    await done(asAdmin("POST", `/dead-letters/${letter?.id}/retry`), 202);
    expect(await about({ waiting_key })).toEqual([]);
    await eventually(async () => (await alice.messages()).length > 0);
    expect(await waitingNotes(alice)).toEqual([]);
  });

  it("is sent again: a submission that is due leaves", async () => {
    const alice = await anAccount();
    const peer = await relayThrough();
    const { OUTBOUND } = env;
    queueForgets();
    const sent = await send(alice, ["bob@far.example"]);
    const job = await newestJob(alice.stub);
    await dies(OUTBOUND_QUEUE, job);
    env.OUTBOUND = OUTBOUND;
    const [letter] = await about(job);
    await done(asAdmin("POST", `/dead-letters/${letter?.id}/retry`), 202);
    await eventually(async () => (await submissionOf(alice, sent)).state === "sent");
    expect(await taken(peer)).toHaveLength(1);
  });

  it("stays when the queue does not take it back", async () => {
    const body = { stays: crypto.randomUUID() };
    await dies(OUTBOUND_QUEUE, body);
    const [letter] = await about(body);
    const { OUTBOUND } = env;
    env.OUTBOUND = withFaults({ OUTBOUND: { send: breaks } }).OUTBOUND;
    const answer = await asAdmin("POST", `/dead-letters/${letter?.id}/retry`);
    env.OUTBOUND = OUTBOUND;
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(await about(body)).toHaveLength(1);
  });
});

describe("a batch of which one message fails", () => {
  it("has the others done, and the one tried again", async () => {
    const alice = await anAccount();
    const peer = await relayThrough();
    queueForgets();
    await send(alice, ["bob@far.example"]);
    const job = await newestJob(alice.stub);
    const message = (id: string, body: object) => ({ id, timestamp: Date.now(), attempts: 3, body });
    const batch = createMessageBatch(OUTBOUND_QUEUE, [message("bad", { nonsense: true }), message("good", job)]);
    await worker.queue(batch, env);
    const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
    expect(explicitAcks).toEqual(["good"]);
    expect(retryMessages.map(({ msgId }) => msgId)).toEqual(["bad"]);
    expect(await taken(peer)).toHaveLength(1);
  });
});
