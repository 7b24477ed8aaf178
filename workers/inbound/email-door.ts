/** The door behind Cloudflare MX: Email Routing calls it once for each envelope recipient. */
import type { Env } from "../env.ts";
import { acceptMail } from "./accept-mail.ts";
import { readBounded } from "./read-bounded.ts";
import { smtpReply } from "./refusals.ts";

/** A throw makes the sending server keep the message and try again; `setReject` answers it with a permanent error. */
export async function email(message: ForwardableEmailMessage, env: Env): Promise<void> {
  const bytes = await readBounded(message.raw);
  if (bytes === null) {
    message.setReject(replyText(smtpReply("message_too_large")));
    return;
  }
  const envelope = { mail_from: message.from === "<>" ? "" : message.from, rcpt_to: [message.to] };
  // On one machine nothing stands in front of this door, and whoever knocks wrote every field.
  const witness = env.DEPLOYMENT === "local" ? null : "cloudflare";
  const [outcome] = await acceptMail(env, envelope, bytes, { protocol: "ESMTPS" }, witness);
  if (outcome?.outcome !== "refused") return;
  if (outcome.smtp.code < 500) throw new Error(replyText(outcome.smtp));
  message.setReject(replyText(outcome.smtp));
}

const replyText = ({ code, status, text }: ReturnType<typeof smtpReply>): string => `${code} ${status} ${text}`;
