/**
 * One message of the `outbound` queue: take the submission's lease, deliver to recipients of this mesh directly, relay
 * the rest, report. The queue message is only a hint; the submission in the Mailbox is the truth, and it stays due
 * until it is final. So nothing is retried here: a message that failed is simply done with.
 */
import { OutboundJob } from "../../contract/submissions.ts";
import type { Lease, RecipientReport, TriedRecipient, UntoldRecipient } from "../../durable-objects/mailbox/outbox.ts";
import type { Env } from "../env.ts";
import { acceptMail } from "../inbound/accept-mail.ts";
import type { Witness } from "../inbound/authenticate.ts";
import { readRaw } from "../storage/raw-messages.ts";
import { noteDeliveries, noteWhatWaits } from "./destinations.ts";
import { ourFault } from "./our-fault.ts";
import { accountOf } from "./own-address.ts";
import { relayElsewhere } from "./relay-elsewhere.ts";
import { reportFailures } from "./report-failures.ts";
import { reversePath } from "./reverse-path.ts";
import { type Outgoing, sendBulk } from "./send-bulk.ts";
import { signMessage } from "./sign-message.ts";
import { sortRecipients } from "./sort-recipients.ts";
import type { Connections } from "./transport/connections.ts";
import type { Transmission, Transport } from "./transport/transport.ts";
import { transportOf } from "./transport-of-sender.ts";

const RENEW_EVERY_MS = 30_000;

/** `connections` are those of the queue batch that the message came in. */
export async function consumeOutbound(env: Env, queued: unknown, connections: Connections): Promise<void> {
  const { user_id, submission_id } = OutboundJob.parse(queued);
  const mailbox = () => env.MAILBOX.getByName(user_id);
  const lease = await mailbox().claim(submission_id, crypto.randomUUID());
  if (lease === null) return;
  const renewal = setInterval(() => {
    mailbox()
      .renew(submission_id, lease.lease)
      .catch((error: unknown) => console.warn("lease not renewed", { submission_id, error }));
  }, RENEW_EVERY_MS);
  const beforeEndOfData = async (addresses: string[]) => {
    if (await mailbox().handOver(submission_id, lease.lease, addresses)) return;
    throw new Error("the lease was lost: another consumer may have sent it");
  };
  try {
    const job = { user_id, submission_id };
    const results = await attempt({ env, job, lease, connections, beforeEndOfData });
    const untold: UntoldRecipient[] = await mailbox().report(submission_id, lease.lease, results);
    if (untold.length > 0) await reportFailures(env, user_id, lease, untold);
    await noteWhatWaits(env, job, results);
  } finally {
    clearInterval(renewal);
  }
}

interface Attempt {
  env: Env;
  job: OutboundJob;
  lease: Lease;
  connections: Connections;
  beforeEndOfData: NonNullable<Transmission["beforeEndOfData"]>;
}

/** What all copies of a message have in common: who is in this mesh, and the transport for who is not. */
interface Way {
  isHere: (address: string) => boolean;
  /** Null where nobody is elsewhere. */
  transport: Transport | null;
}

/** Every recipient's result. What breaks on our side defers, so that the submission says so and the tries come to an end. */
async function attempt(it: Attempt): Promise<RecipientReport[]> {
  const { env, job, lease, connections } = it;
  if (lease.rcpt_to.length === 0) return [];
  try {
    const [raw, isAllowed, { here, elsewhere }] = await Promise.all([
      readRaw(env, lease.raw_key),
      maySendAs(env, job.user_id, lease),
      sortRecipients(env, lease.rcpt_to),
    ]);
    if (!isAllowed) return notTheirs(env, lease);
    const among = new Set(here);
    const transport = elsewhere.length === 0 ? null : await transportOf(env, lease, raw, connections);
    const way = { isHere: (address: string) => among.has(address), transport };
    if (lease.class === "bulk") return await sendBulk(env, job.user_id, lease, raw, (copy) => transmit(it, way, copy));
    return await transmit(it, way, { mail_from: lease.mail_from, rcpt_to: lease.rcpt_to, raw });
  } catch (error) {
    console.error("message not readable, or its sender or recipients not known, will be tried again", error);
    return ourFault(env, lease.rcpt_to);
  }
}

/** The alias that a message is from may have gone since it was accepted. What is forwarded is from anybody. */
const maySendAs = async (env: Env, userId: string, { report_to, mail_from, owner }: Lease): Promise<boolean> =>
  report_to !== "inbox" || mail_from === owner || (await accountOf(env, mail_from)) === userId;

const notTheirs = (env: Env, { rcpt_to, mail_from }: Lease): TriedRecipient[] =>
  rcpt_to.map((address) => ({
    address,
    result: "failed",
    status: "5.7.1", // RFC 3463 §3.8 (X.7.1)
    reply: `${mail_from} is no address of the sender's any more`,
    remote_mta: env.HOSTNAME,
  }));

/** Signs, delivers what goes to this mesh, and relays the rest. A copy that is not signed is a failure of its own. */
async function transmit(it: Attempt, way: Way, { mail_from, rcpt_to, raw }: Outgoing): Promise<RecipientReport[]> {
  const { env, job, lease } = it;
  const { isHere, transport } = way;
  const here = rcpt_to.filter(isHere);
  const elsewhere = rcpt_to.filter((address) => !isHere(address));
  try {
    const isSignedThere = here.length === 0 && transport?.signs === true;
    const signed = isSignedThere ? raw : await signMessage(env, raw, lease);
    const [local, relayed] = await Promise.all([
      here.length === 0 ? [] : deliverHere(env, mail_from, here, signed, witnessOf(lease)),
      elsewhere.length === 0 || transport === null
        ? []
        : relay(it, transport, elsewhere, transport.signs ? raw : signed),
    ]);
    await noteDeliveries(env, job, mail_from, local);
    return [...local, ...relayed];
  } catch (error) {
    console.error("not signed, will be tried again", error);
    return ourFault(env, rcpt_to);
  }
}

const relay = (
  { env, job, lease, beforeEndOfData }: Attempt,
  transport: Transport,
  rcpt_to: string[],
  raw: Uint8Array<ArrayBuffer>,
): Promise<RecipientReport[]> =>
  relayElsewhere(env, transport, job, { mail_from: reversePath(lease, transport), rcpt_to, raw, beforeEndOfData });

/** What an account wrote is from an address that was just seen to be its own (maySendAs). */
const witnessOf = ({ is_own, report_to, mail_from }: Lease): Witness =>
  is_own && report_to === "inbox" ? { account_address: mail_from } : null;

/** Mail between accounts of this mesh takes the way in that all mail takes, without leaving it. */
async function deliverHere(
  env: Env,
  mailFrom: string,
  rcptTo: string[],
  raw: Uint8Array<ArrayBuffer>,
  witness: Witness,
): Promise<TriedRecipient[]> {
  const remote_mta = env.HOSTNAME;
  // No mark before the end as on a relay: the letter's fingerprint makes a repeated delivery one.
  const transport = "mesh";
  try {
    const envelope = { mail_from: mailFrom, rcpt_to: rcptTo };
    const outcomes = await acceptMail(env, envelope, raw, { protocol: "LOCAL" }, witness);
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
