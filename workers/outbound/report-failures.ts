/** Tells whoever sent a message that it was not delivered, or not yet: a delivery status notification (RFC 3464). */
import type { Lease, UntoldRecipient } from "../../durable-objects/mailbox/outbox.ts";
import { composeDeliveryStatus } from "../../mail/compose/delivery-status.ts";
import { fingerprintOf } from "../../mail/fingerprint.ts";
import { headerOf } from "../../mail/header-fields.ts";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import type { Env } from "../env.ts";
import { storeLetter } from "../inbound/deliver-letter.ts";
import { discardRaw, findRaw, storable, storeRaw, storeShared } from "../storage/raw-messages.ts";
import { readContent } from "../storage/read-content.ts";

/** A week is longer than a consumer can be late with its report. */
const REPEAT_WINDOW_MS = 7 * 24 * 3_600_000;

export async function reportFailures(env: Env, userId: string, lease: Lease, untold: UntoldRecipient[]): Promise<void> {
  const mailbox = env.MAILBOX.getByName(userId);
  const { submission_id, mail_from, report_to } = lease;
  if (report_to === "nobody" || mail_from === "") {
    console.warn("undeliverable, and nobody to tell", {
      ...{ user_id: userId, submission_id, addresses: untold.map(({ address }) => address) },
    });
    await mailbox.deliverReport(submission_id, untold, null);
    return;
  }
  const bytes = await composeReport(env, lease, untold);
  if (report_to === "inbox") {
    const letter = await letterOf(env, userId, mail_from, bytes);
    const isNew = await mailbox.deliverReport(submission_id, untold, letter);
    if (!isNew) await discardRaw(env, userId, letter.raw_key);
    return;
  }
  const now = Date.now();
  const raw_key = await storeRaw(env, userId, bytes, now);
  const outcome = await mailbox.relay(`report ${submission_id}`, REPEAT_WINDOW_MS, {
    ...{ message_id: null, raw_key, mail_from: "", rcpt_to: [mail_from], send_at: now },
    report_to: "nobody",
  });
  if (outcome === "repeat") await discardRaw(env, userId, raw_key);
  await mailbox.deliverReport(submission_id, untold, null);
}

async function composeReport(env: Env, lease: Lease, untold: UntoldRecipient[]) {
  // A message whose bytes are gone has failed because of it: the report then quotes nothing.
  const raw = (await findRaw(env, lease.raw_key)) ?? new Uint8Array();
  const original = await parseMessage(raw);
  return new Uint8Array(
    composeDeliveryStatus({
      reporting_mta: env.HOSTNAME,
      to: { name: "", email: lease.mail_from },
      message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
      date: new Date(),
      boundary_seed: crypto.randomUUID(),
      original: {
        message_id: original.message_id ?? "unknown@invalid",
        subject: original.subject,
        headers: headerOf(raw),
        arrived_at: new Date(lease.created_at),
      },
      recipients: untold.map(({ address, action, status, reply, remote_mta, retry_until }) => {
        return {
          ...{ address, action, status, diagnostic: reply === "" ? null : reply, remote_mta },
          ...(retry_until === null ? {} : { will_retry_until: new Date(retry_until) }),
        };
      }),
    }),
  );
}

/** What the mesh itself has to say, as a letter for the sender's own inbox. Its envelope sender is empty (RFC 3464 §2). */
export async function letterOf(env: Env, userId: string, recipient: string, bytes: Uint8Array<ArrayBuffer>) {
  const { hash } = fingerprintOf(bytes);
  const message = await storable(bytes);
  const received_at = Date.now();
  return storeLetter(env, userId, [recipient], {
    mail_from: "",
    message,
    shared: await storeShared(env, [userId], message, received_at),
    hop: { protocol: "LOCAL" },
    received_at,
    content: await readContent(bytes),
    // It is our own, and what it says is known.
    examination: null,
    report: null,
    fingerprint: hash,
    repeat_window: 0,
  });
}
