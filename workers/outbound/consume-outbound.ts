/**
 * One message of the `outbound` queue: take the submission's lease, deliver to recipients of this mesh directly, relay
 * the rest, report. The queue message is only a hint; the submission in the Mailbox is the truth, and it stays due
 * until it is final. So nothing is retried here: a message that failed is simply done with.
 */
import { OutboundJob } from "../../contract/submissions.ts";
import type { Lease, RecipientReport, TriedRecipient, UntoldRecipient } from "../../durable-objects/mailbox/outbox.ts";
import type { Env } from "../env.ts";
import { acceptMail } from "../inbound/accept-mail.ts";
import { readRaw } from "../storage/raw-messages.ts";
import { noteDeliveries, noteWhatWaits } from "./destinations.ts";
import { ourFault } from "./our-fault.ts";
import { relayElsewhere } from "./relay-elsewhere.ts";
import { reportFailures } from "./report-failures.ts";
import { reversePath } from "./reverse-path.ts";
import { signMessage } from "./sign-message.ts";
import { sortRecipients } from "./sort-recipients.ts";
import { type Connections, withConnections } from "./transport/connections.ts";
import type { Transmission } from "./transport/transport.ts";
import { transportOf } from "./transport-of-sender.ts";

type BeforeEndOfData = NonNullable<Transmission["beforeEndOfData"]>;

const RENEW_EVERY_MS = 30_000;

/** One message without others: with connections of its own. */
export const consumeOutbound = (env: Env, queued: unknown): Promise<void> =>
  withConnections(env, (connections) => consumeOne(env, queued, connections));

export async function consumeOne(env: Env, queued: unknown, connections: Connections): Promise<void> {
  const { user_id, submission_id } = OutboundJob.parse(queued);
  const mailbox = () => env.MAILBOX.getByName(user_id);
  const lease = await mailbox().claim(submission_id, crypto.randomUUID());
  if (lease === null) return;
  const renewal = setInterval(() => {
    mailbox()
      .renew(submission_id, lease.lease)
      .catch((error: unknown) => console.warn("lease not renewed", { submission_id, error }));
  }, RENEW_EVERY_MS);
  try {
    const results = await attempt(env, user_id, lease, connections, async (addresses) => {
      if (await mailbox().handOver(submission_id, lease.lease, addresses)) return;
      throw new Error("the lease was lost: another consumer may have sent it");
    });
    const untold: UntoldRecipient[] = await mailbox().report(submission_id, lease.lease, results);
    if (untold.length > 0) await reportFailures(env, user_id, lease, untold);
    await noteWhatWaits(env, { user_id, submission_id }, results);
  } finally {
    clearInterval(renewal);
  }
}

/** Every recipient's result. What breaks on our side defers, so that the submission says so and the tries come to an end. */
async function attempt(
  env: Env,
  user_id: string,
  lease: Lease,
  connections: Connections,
  beforeEndOfData: BeforeEndOfData,
): Promise<RecipientReport[]> {
  if (lease.rcpt_to.length === 0) return [];
  const job = { user_id, submission_id: lease.submission_id };
  try {
    const raw = await readRaw(env, lease.raw_key);
    const signed = await signMessage(env, raw, lease);
    const { here, elsewhere } = await sortRecipients(env, lease.rcpt_to);
    const [local, relayed] = await Promise.all([
      here.length === 0 ? [] : deliverHere(env, lease.mail_from, here, signed),
      elsewhere.length === 0
        ? []
        : relay(env, job, lease, { rcpt_to: elsewhere, beforeEndOfData }, { raw, signed }, connections),
    ]);
    await noteDeliveries(env, job, lease.mail_from, local);
    return [...local, ...relayed];
  } catch (error) {
    console.error("message not readable or recipients not known, will be tried again", error);
    return ourFault(env, lease.rcpt_to);
  }
}

async function relay(
  env: Env,
  job: OutboundJob,
  lease: Lease,
  envelope: Pick<Transmission, "rcpt_to" | "beforeEndOfData">,
  { raw, signed }: Record<"raw" | "signed", Uint8Array<ArrayBuffer>>,
  connections: Connections,
): Promise<RecipientReport[]> {
  const transport = await transportOf(env, lease, raw, connections);
  const mail_from = reversePath(lease, transport);
  return relayElsewhere(env, transport, job, { ...envelope, mail_from, raw: transport.signs ? raw : signed });
}

/** Mail between accounts of this mesh takes the way in that all mail takes, without leaving it. */
async function deliverHere(
  env: Env,
  mailFrom: string,
  rcptTo: string[],
  raw: Uint8Array<ArrayBuffer>,
): Promise<TriedRecipient[]> {
  const remote_mta = env.HOSTNAME;
  // No mark before the end as on a relay: the letter's fingerprint makes a repeated delivery one.
  const transport = "mesh";
  try {
    const outcomes = await acceptMail(env, { mail_from: mailFrom, rcpt_to: rcptTo }, raw, { protocol: "LOCAL" });
    return outcomes.map((outcome): TriedRecipient => {
      const { address } = outcome;
      if (outcome.outcome === "accepted") {
        return { address, result: "delivered", status: "2.0.0", reply: "Delivered", remote_mta, transport };
      }
      const { code, status, text } = outcome.smtp;
      const result = code < 500 ? "deferred" : "failed";
      return { address, result, status, reply: `${code} ${status} ${text}`, remote_mta, transport };
    });
  } catch (error) {
    console.error("local delivery failed, will be tried again", error);
    return ourFault(env, rcptTo);
  }
}
