/** Aliases that lead outside: the message leaves through the outbox of the alias's domain, with all its retries. */
import { randomId } from "../../contract/random-id.ts";
import { forwardMark } from "../../mail/forward-mark.ts";
import { hopFields } from "../../mail/trace.ts";
import type { Env } from "../env.ts";
import { discardRaw, storeMessage, withField } from "../storage/raw-messages.ts";
import type { Posting } from "./deliver-letter.ts";

/**
 * Returns when the forward is durable. A failure further on is told to whoever wrote the message, not to whoever set the
 * alias up; the reverse-path that it leaves with leads there (workers/outbound/reverse-path.ts).
 */
export async function forwardMail(
  env: Env,
  domain: string,
  recipient: string,
  target: string,
  posting: Posting,
): Promise<void> {
  const userId = await env.DOMAIN.getByName(domain).forwarder();
  const mailbox = env.MAILBOX.getByName(userId);
  await mailbox.create({ user_id: userId, email: `postmaster@${domain}`, name: "", password: null });
  const { mail_from, hop, received_at, message, examination } = posting;
  const trace = hopFields({
    rcpt_to: [recipient],
    hop,
    hostname: env.HOSTNAME,
    id: randomId(16),
    received_at,
    authentication: examination?.authentication ?? null,
  });
  const received = new TextEncoder().encode(forwardMark(recipient) + trace);
  const raw_key = await storeMessage(env, userId, withField(message, received), received_at);
  const outcome = await mailbox.relay(nameOf(posting, target), posting.repeat_window, {
    message_id: null,
    raw_key,
    mail_from,
    // RFC 5321 §6.1: a message from the null sender never causes another.
    report_to: mail_from === "" ? "nobody" : "sender",
    rcpt_to: [target],
    send_at: received_at,
  });
  if (outcome === "repeat") await discardRaw(env, userId, raw_key);
}

/** A forged copy that left first does not keep the message itself from leaving. */
function nameOf({ examination, fingerprint }: Posting, target: string): string {
  const name = `${fingerprint} ${target}`;
  return examination?.authentication?.sender === "forged" ? `forged ${name}` : name;
}
