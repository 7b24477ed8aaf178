/**
 * Whether the way that a message will take can carry it, asked before it is accepted: what Cloudflare's binding is known
 * to refuse would only bounce afterwards. An SMTP relay says itself what it takes, and is asked as the message leaves.
 */
import { Failure } from "../../contract/failure.ts";
import { domainOf } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";
import { sortRecipients } from "./sort-recipients.ts";
import { chooseWay } from "./transport/choose-transport.ts";
import { type Carried, type Unfit, unfitForSendEmail } from "./transport/send-email-rules.ts";
import { relayUrlOf } from "./transport-of-sender.ts";

/**
 * Throws `message_too_large`, `conflict` or `bad_request`. Asks nobody for a message that every transport takes. `sender`:
 * the address whose domain's relay it takes, where that is not the reverse-path's (`transportOf`).
 */
export async function requireCarriable(
  env: Env,
  rcptTo: string[],
  message: Carried,
  sender = message.mail_from,
): Promise<void> {
  if (unfitForSendEmail(message) === null) return;
  const way = chooseWay(env.RELAY_URL, await relayUrlOf(env, domainOf(sender)), message);
  if (way.by === "smtp" || way.unfit === null) return;
  const { elsewhere } = await sortRecipients(env, rcptTo);
  if (elsewhere.length > 0) throw refusal(way.unfit);
}

function refusal({ reason, words, field }: Unfit): Failure {
  const detail = `Mail of this domain leaves through Cloudflare's send_email, and ${words}.`;
  if (reason === "too_large") return new Failure("message_too_large", detail);
  // No request has an empty sender in it: what it asks for has.
  if (reason === "null_sender") return new Failure("conflict", detail);
  return new Failure("bad_request", detail, [{ at: WRITTEN_AS.get(field ?? "") ?? "body", message: words }]);
}

/** What in a request makes each field that is not always there. */
const WRITTEN_AS = new Map([
  ["subject", "body.subject"],
  ["in-reply-to", "body.in_reply_to"],
  ["references", "body.in_reply_to"],
  ["disposition-notification-to", "body.request_read_receipt"],
]);
