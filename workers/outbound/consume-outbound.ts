/**
 * One message of the `outbound` queue: take the submission's lease, deliver to recipients of this mesh directly, relay
 * the rest, report. The queue message is only a hint; the submission in the Mailbox is the truth, and it stays due
 * until it is final. So nothing is retried here: a message that failed is simply done with.
 */
import { OutboundJob } from "../../contract/submissions.ts";
import type { FailedRecipient, Lease, RecipientReport } from "../../durable-objects/mailbox/outbox.ts";
import { parseAddress } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";
import { acceptMail } from "../inbound/accept-mail.ts";
import { readRaw } from "../storage/raw-messages.ts";
import { ownAddress } from "./own-address.ts";
import { reportFailures } from "./report-failures.ts";
import { type Outgoing, sendBulk } from "./send-bulk.ts";
import { chooseTransport } from "./transport/choose-transport.ts";
import type { Transmission } from "./transport/transport.ts";

const RENEW_EVERY_MS = 30_000;

export async function consumeOutbound(env: Env, queued: unknown): Promise<void> {
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
    const results = await attempt(env, user_id, lease);
    const failures: FailedRecipient[] = await mailbox().report(submission_id, lease.lease, results);
    if (failures.length > 0) await reportFailures(env, user_id, lease, failures);
  } finally {
    clearInterval(renewal);
  }
}

/** Every recipient's result. What breaks on our side defers, so that the submission says so and the tries come to an end. */
async function attempt(env: Env, userId: string, lease: Lease): Promise<RecipientReport[]> {
  if (lease.rcpt_to.length === 0) return [];
  try {
    const [raw, isAllowed] = await Promise.all([readRaw(env, lease.raw_key), maySendAs(env, userId, lease)]);
    if (!isAllowed) return notTheirs(env, lease);
    if (lease.class === "bulk") return await sendBulk(env, userId, lease, raw, (copy) => transmit(env, copy));
    return await transmit(env, { mail_from: lease.mail_from, rcpt_to: lease.rcpt_to, raw });
  } catch (error) {
    console.error("message not readable or sender not known, will be tried again", error);
    return deferred(env, lease.rcpt_to);
  }
}

/** Delivers what goes to this mesh and relays the rest. */
async function transmit(env: Env, { mail_from, rcpt_to, raw }: Outgoing): Promise<RecipientReport[]> {
  try {
    const { here, elsewhere } = await sortRecipients(env, rcpt_to);
    const [local, relayed] = await Promise.all([
      here.length === 0 ? [] : deliverHere(env, mail_from, here, raw),
      elsewhere.length === 0 ? [] : relay(env, { mail_from, rcpt_to: elsewhere, raw }),
    ]);
    return [...local, ...relayed];
  } catch (error) {
    console.error("recipients not known, will be tried again", error);
    return deferred(env, rcpt_to);
  }
}

/** The alias that a message is from may have gone since it was accepted. What is forwarded is from anybody. */
const maySendAs = async (env: Env, userId: string, { report_to, mail_from }: Lease): Promise<boolean> =>
  report_to !== "inbox" || (await ownAddress(env, userId, mail_from)) !== null;

const notTheirs = (env: Env, { rcpt_to, mail_from }: Lease): RecipientReport[] =>
  rcpt_to.map((address) => ({
    address,
    result: "failed",
    status: "5.7.1", // RFC 3463 §3.8 (X.7.1)
    reply: `${mail_from} is no address of the sender's any more`,
    remote_mta: env.HOSTNAME,
  }));

const deferred = (env: Env, rcptTo: string[]): RecipientReport[] =>
  rcptTo.map((address) => ({
    address,
    result: "deferred",
    status: "4.3.0", // RFC 3463 §3.4 (X.3.0)
    reply: "Something broke on our side",
    remote_mta: env.HOSTNAME,
  }));

/** Which recipients are in a domain of this mesh. Each domain is asked once. */
async function sortRecipients(env: Env, rcptTo: string[]): Promise<{ here: string[]; elsewhere: string[] }> {
  const domainOf = (address: string): string | null => {
    const parsed = parseAddress(address);
    return parsed.ok ? parsed.value.domain : null;
  };
  const names = [...new Set(rcptTo.map(domainOf))].filter((name) => name !== null);
  const described = await Promise.all(names.map((name) => env.DOMAIN.getByName(name).describe()));
  const ours = new Set(names.filter((_, n) => described[n] !== null));
  const isOurs = (address: string): boolean => ours.has(domainOf(address) ?? "");
  return { here: rcptTo.filter(isOurs), elsewhere: rcptTo.filter((address) => !isOurs(address)) };
}

/** A transport throws for nothing that the network does; should it throw all the same, nobody waits for ever. */
async function relay(env: Env, transmission: Transmission): Promise<RecipientReport[]> {
  try {
    return await chooseTransport(env).send(transmission);
  } catch (error) {
    console.error("the transport broke, will be tried again", error);
    return deferred(env, transmission.rcpt_to);
  }
}

/** Mail between accounts of this mesh takes the way in that all mail takes, without leaving it. */
async function deliverHere(
  env: Env,
  mailFrom: string,
  rcptTo: string[],
  raw: Uint8Array<ArrayBuffer>,
): Promise<RecipientReport[]> {
  const remote_mta = env.HOSTNAME;
  try {
    const outcomes = await acceptMail(env, { mail_from: mailFrom, rcpt_to: rcptTo }, raw, { protocol: "LOCAL" });
    return outcomes.map((outcome): RecipientReport => {
      const { address } = outcome;
      if (outcome.outcome === "accepted") {
        return { address, result: "delivered", status: "2.0.0", reply: "Delivered", remote_mta };
      }
      const { code, status, text } = outcome.smtp;
      const result = code < 500 ? "deferred" : "failed";
      return { address, result, status, reply: `${code} ${status} ${text}`, remote_mta };
    });
  } catch (error) {
    console.error("local delivery failed, will be tried again", error);
    return deferred(env, rcptTo);
  }
}
