/**
 * A message that a filter or a script forwards: the bytes as they came, so that the signatures of others still hold
 * (RFC 6376 §5.4.1 covers no trace fields), with trace fields in front.
 */
import type { FollowUp } from "../../contract/follow-ups.ts";
import { randomId } from "../../contract/random-id.ts";
import type { FollowUpMail, WantedFollowUp } from "../../durable-objects/mailbox/follow-ups.ts";
import { forwardMark } from "../../mail/forward-mark.ts";
import { receivedField } from "../../mail/trace.ts";
import type { Env } from "../env.ts";
import { findRaw, storable, storeMessage, withField } from "../storage/raw-messages.ts";

type Forward = Extract<FollowUp, { kind: "forward" }>;

/**
 * The envelope's sender is the owner, whose domain may send from here: SPF (RFC 7208 §4) passes at the next hop, and what
 * comes back goes to who wanted the forward, not to a stranger. A message from nobody goes on as one (RFC 5321 §4.5.5),
 * or a report about a forward could be forwarded for ever.
 */
export async function passOn(
  env: Env,
  owner: WantedFollowUp["owner"],
  message: WantedFollowUp["message"],
  { to }: Forward,
): Promise<FollowUpMail | null> {
  const bytes = await findRaw(env, message.raw_key);
  if (bytes === null) return null;
  const now = Date.now();
  const received = receivedField({
    ...{ rcpt_to: [to], hop: {}, hostname: env.HOSTNAME, id: randomId(16), received_at: now },
  });
  const front = received + forwardMark(owner.email) + withoutReturnPath(message.added_fields);
  const passed = withField(await storable(bytes), new TextEncoder().encode(front));
  const raw_key = await storeMessage(env, owner.user_id, passed, now);
  if (message.return_path === "") return { raw_key, mail_from: "", report_to: "nobody", to };
  return { raw_key, mail_from: owner.email, report_to: "inbox", to };
}

/** RFC 5321 §4.4: Return-Path is for the final delivery alone. It is the first of our fields, on one line. */
const withoutReturnPath = (fields: string): string => fields.replace(/^Return-Path:[^\r\n]*\r\n/i, "");
