/** What leaves together: the messages of a queue batch share connections, and the recipients of a domain a transaction. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../workers/index.ts";
import { OUTBOUND_QUEUE } from "../../workers/queues/dead-letters.ts";
import { type Account, anAccount } from "./mesh.ts";
import { alarmAfter, newestJob, queueForgets, reaches, relayThrough, send, submissionOf, taken } from "./outgoing.ts";

/** Submissions that wait for their queue message, which only a test brings. */
async function waiting(alice: Account, recipients: string[]) {
  const sent = [];
  const jobs = [];
  for (const recipient of recipients) {
    sent.push(await send(alice, [recipient], { undo_seconds: 0 }));
    jobs.push(await newestJob(alice.stub));
  }
  await alarmAfter(0, alice.stub);
  return { sent, jobs };
}

async function bring(jobs: object[]) {
  const batch = createMessageBatch(
    OUTBOUND_QUEUE,
    jobs.map((body, n) => ({ id: String(n), timestamp: Date.now(), attempts: 1, body })),
  );
  await worker.queue(batch, env);
  return getQueueResult(batch, createExecutionContext());
}

describe("a batch of the queue", () => {
  it("needs no more than four connections, and leaves each with QUIT", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    const names = Array.from({ length: 12 }, (_, n) => `r${n}@far.example`);
    const { sent, jobs } = await waiting(alice, names);
    expect((await bring(jobs)).explicitAcks).toHaveLength(12);
    for (const one of sent) expect(await submissionOf(alice, one)).toMatchObject({ state: "sent" });
    const sessions = await peer.sessions();
    expect(sessions.length).toBeLessThanOrEqual(4);
    expect(sessions.map(({ ended }) => ended)).toEqual(sessions.map(() => "quit"));
    expect((await taken(peer)).flatMap(({ rcpt_to }) => rcpt_to).sort()).toEqual(names.sort());
  });

  it("loses nothing to a server that takes two messages a connection", async () => {
    const peer = await relayThrough({
      rules: [{ on: "MAIL", nth: 3, do: ["421 4.7.0 Two are enough", { close: "end" }] }],
    });
    queueForgets();
    const alice = await anAccount();
    const names = Array.from({ length: 9 }, (_, n) => `r${n}@far.example`);
    const { sent, jobs } = await waiting(alice, names);
    await bring(jobs);
    for (const one of sent) expect(await submissionOf(alice, one)).toMatchObject({ state: "sent", attempts: 1 });
    expect((await taken(peer)).flatMap(({ rcpt_to }) => rcpt_to).sort()).toEqual(names.sort());
  });

  it("takes leave of its servers when one of its messages throws", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    const { jobs } = await waiting(alice, ["bob@far.example"]);
    const { explicitAcks, retryMessages } = await bring([...jobs, { nonsense: true }]);
    expect({ explicitAcks, retries: retryMessages.map(({ msgId }) => msgId) }).toEqual({
      explicitAcks: ["0"],
      retries: ["1"],
    });
    expect((await peer.session()).ended).toBe("quit");
  });
});

describe("the recipients of a submission", () => {
  it("of one domain get it in one transaction, however the domain is written", async () => {
    const peer = await relayThrough();
    const alice = await anAccount();
    const sent = await send(
      alice,
      ["a@one.example", "b@two.example", "c@ONE.example", "d@bücher.example", "e@xn--bcher-kva.example"],
      { undo_seconds: 0 },
    );
    await reaches(alice, sent, "sent");
    const transactions = (await taken(peer)).map(({ rcpt_to }) => rcpt_to.join(" ")).sort();
    expect(transactions).toEqual([
      "a@one.example c@one.example",
      "b@two.example",
      "d@xn--bcher-kva.example e@xn--bcher-kva.example",
    ]);
  });

  it("of a domain that makes trouble keep no other domain waiting", async () => {
    const rules = [{ on: "RCPT TO:<a@one.", do: ["421 4.7.0 Not you", { close: "end" as const }] }];
    await relayThrough({ rules });
    const alice = await anAccount();
    const sent = await send(alice, ["a@one.example", "b@two.example", "c@three.example"], { undo_seconds: 0 });
    const { recipients } = await reaches(alice, sent, "deferred");
    expect(recipients.map(({ email, state }) => `${email} ${state}`).sort()).toEqual([
      "a@one.example deferred",
      "b@two.example sent",
      "c@three.example sent",
    ]);
  });

  it("of one domain that are more than a hundred are parted by the hundred, on one connection", async () => {
    const peer = await relayThrough();
    const alice = await anAccount();
    const names = Array.from({ length: 250 }, (_, n) => `r${n}@far.example`);
    await reaches(alice, await send(alice, names, { undo_seconds: 0 }), "sent");
    const { messages } = await peer.session();
    expect(messages.map(({ rcpt_to }) => rcpt_to.length)).toEqual([100, 100, 50]);
  });
});
