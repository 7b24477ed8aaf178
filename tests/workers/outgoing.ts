/** Mail on its way out: a relay that does as its script says, and the two hands of the outbox, alarm and consumer. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { Message } from "../../contract/messages.ts";
import { Sent } from "../../contract/messages.ts";
import { type OutboundJob, Submission } from "../../contract/submissions.ts";
import type { Env } from "../../workers/env.ts";
import { consumeOutbound } from "../../workers/outbound/consume-outbound.ts";
import { withConnections } from "../../workers/outbound/transport/connections.ts";
import { type Peer, startPeer } from "../smtp-peers/peer.ts";
import type { PeerScript } from "../smtp-peers/script.ts";
import { ok } from "./api-answers.ts";
import { withFaults } from "./faults.ts";
import { type Account, eventually } from "./mesh.ts";

const { OUTBOUND, OUTBOUND_BULK } = env;

/** What after-each.ts calls. */
export function restoreOutgoing(): void {
  vi.useRealTimers();
  Object.assign(env, { OUTBOUND, OUTBOUND_BULK });
  delete env.RELAY_URL;
  env.SEND_LIMIT_PER_DAY = "0";
}

/** From here on mail leaves through this peer. */
export async function relayThrough(script: PeerScript = {}): Promise<Peer> {
  const peer = await startPeer(script);
  env.RELAY_URL = `smtp://127.0.0.1:${peer.port}`;
  return peer;
}

/** A relay that nobody can connect to. */
export async function relayIsDown(): Promise<void> {
  await (await relayThrough()).close();
}

/** The envelopes of the messages that a peer has taken, over all its connections. */
export const taken = async (peer: Peer) =>
  (await peer.sessions()).flatMap(({ messages }) => messages.map(({ mail_from, rcpt_to }) => ({ mail_from, rcpt_to })));

/** What relayed mail of an account has for its reverse-path, whatever the token. */
export const bounceAddressOf = ({ email }: Pick<Account, "email">): unknown =>
  expect.stringMatching(new RegExp(`^${email.replace("@", "\\+b-[0-9a-z]{19}@")}$`));

/** The queue forgets what is put on it, so that nothing happens but what the test does. */
export function queueForgets(): void {
  const forgets = { send: async () => undefined, sendBatch: async () => undefined };
  const forgetful = withFaults({ OUTBOUND: forgets, OUTBOUND_BULK: forgets });
  Object.assign(env, { OUTBOUND: forgetful.OUTBOUND, OUTBOUND_BULK: forgetful.OUTBOUND_BULK });
}

export const send = (account: Account, to: string[], more = {}): Promise<Sent> => {
  const message = { to: to.map((email) => ({ email })), subject: "On its way", body: "Hello", ...more };
  return ok(account.call("POST", "/messages", message), Sent, 202);
};

export const submissionOf = (account: Account, { submission_id }: Sent): Promise<Submission> =>
  ok(account.call("GET", `/submissions/${submission_id}`), Submission);

/** The submission, once it is in one of these states. */
export const reaches = (account: Account, sent: Sent, ...states: Submission["state"][]): Promise<Submission> =>
  eventually(async () => {
    const submission = await submissionOf(account, sent);
    return states.includes(submission.state) && submission;
  });

/** The reports in an inbox, opened. */
export async function reports(account: Account): Promise<Message[]> {
  const messages = (await account.messages()).filter(({ from }) => from?.email.startsWith("mailer-daemon@"));
  return Promise.all(messages.map(({ id }) => account.open(id)));
}

type MailboxStub = Account["stub"];

/** What the queue carries for the newest submission of a mailbox. */
export const newestJob = (stub: MailboxStub): Promise<OutboundJob> =>
  runInDurableObject(stub, (_object, { storage }) => {
    const [row] = storage.sql
      .exec<{ user_id: string; id: number }>(
        "SELECT user_id, submission.id FROM submission, account ORDER BY submission.id DESC LIMIT 1",
      )
      .toArray();
    if (row === undefined) throw new Error("no submission");
    return { user_id: row.user_id, submission_id: row.id };
  });

/** What the queue's consumer does, with bindings that may have faults. */
export const consume = async (stub: MailboxStub, faults: Parameters<typeof withFaults>[0] = {}): Promise<void> =>
  consumeAlone(withFaults(faults), await newestJob(stub));

/** One queue message without others: with connections of its own. */
export const consumeAlone = (bindings: Env, queued: unknown): Promise<void> =>
  withConnections(bindings, (connections) => consumeOutbound(bindings, queued, connections));

/** Rings the alarm as if so many seconds had gone by, and comes back to the present. */
export async function alarmAfter(seconds: number, stub: MailboxStub): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 });
  await runDurableObjectAlarm(stub);
  vi.useRealTimers();
}

/** The alarm and then the consumer, both so many seconds from now. */
export async function attemptAfter(
  seconds: number,
  stub: MailboxStub,
  faults: Parameters<typeof withFaults>[0] = {},
): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 });
  await runDurableObjectAlarm(stub);
  await consume(stub, faults);
  vi.useRealTimers();
}
