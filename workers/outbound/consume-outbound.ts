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
import { reportFailures } from "./report-failures.ts";
import { chooseTransport } from "./transport/choose-transport.ts";

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
    const raw = await readRaw(env, lease.raw_key);
    const results = await deliverAll(env, lease, raw);
    const failures: FailedRecipient[] = await mailbox().report(submission_id, lease.lease, results);
    if (failures.length > 0) await reportFailures(env, user_id, lease, failures, raw);
  } finally {
    clearInterval(renewal);
  }
}

/** Every recipient's result. Throws nothing for what a recipient or a relay does. */
async function deliverAll(env: Env, lease: Lease, raw: Uint8Array<ArrayBuffer>): Promise<RecipientReport[]> {
  const ours: string[] = [];
  const others: string[] = [];
  await Promise.all(
    lease.rcpt_to.map(async (address) => {
      ((await isOurs(env, address)) ? ours : others).push(address);
    }),
  );
  const [local, relayed] = await Promise.all([
    ours.length === 0 ? [] : deliverHere(env, lease.mail_from, ours, raw),
    others.length === 0 ? [] : chooseTransport(env).send({ mail_from: lease.mail_from, rcpt_to: others, raw }),
  ]);
  return [...local, ...relayed];
}

async function isOurs(env: Env, address: string): Promise<boolean> {
  const parsed = parseAddress(address);
  if (!parsed.ok || parsed.value.domain === null) return false;
  return (await env.DOMAIN.getByName(parsed.value.domain).describe()) !== null;
}

/** Mail between accounts of this mesh takes the way in that all mail takes, without leaving it. */
async function deliverHere(
  env: Env,
  mailFrom: string,
  rcptTo: string[],
  raw: Uint8Array<ArrayBuffer>,
): Promise<RecipientReport[]> {
  const here = { remote_mta: env.HOSTNAME };
  try {
    const outcomes = await acceptMail(env, { mail_from: mailFrom, rcpt_to: rcptTo }, raw, { protocol: "LOCAL" });
    return outcomes.map((outcome) => {
      const { address } = outcome;
      if (outcome.outcome === "accepted")
        return { address, result: "delivered", status: "2.0.0", reply: "Delivered", ...here };
      const { code, status, text } = outcome.smtp;
      return {
        address,
        result: code < 500 ? "deferred" : "failed",
        status,
        reply: `${code} ${status} ${text}`,
        ...here,
      };
    });
  } catch (error) {
    console.error("local delivery failed, will be tried again", error);
    return rcptTo.map((address) => ({
      address,
      result: "deferred",
      status: "4.3.0",
      reply: "The mesh could not take it",
      ...here,
    }));
  }
}
