/** A message that a script refuses when its sender listens no more: the sender is told, and why (RFC 5429 §2.2). */
import type { FollowUp } from "../../contract/follow-ups.ts";
import type { FollowUpMail, WantedFollowUp } from "../../durable-objects/mailbox/follow-ups.ts";
import { composeRefusal } from "../../mail/compose/refusal.ts";
import type { Env } from "../env.ts";
import { storeRaw } from "../storage/raw-messages.ts";
import { authorOf } from "./automatic-reply.ts";
import { senderFor } from "./sender-of-automatic.ts";

type Refusal = Extract<FollowUp, { kind: "reject" }>;

export async function refuseMessage(
  env: Env,
  owner: WantedFollowUp["owner"],
  message: WantedFollowUp["message"],
  { to, reason }: Refusal,
): Promise<FollowUpMail> {
  const raw = new Uint8Array(
    composeRefusal({
      recipient: await authorOf(env, owner, message, null),
      ...{ to, reason, host: env.HOSTNAME },
      original: { message_id: message.rfc_message_id, subject: message.subject },
      message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
      date: new Date(),
      boundary_seed: crypto.randomUUID(),
    }),
  );
  const raw_key = await storeRaw(env, owner.user_id, raw, Date.now());
  return { raw_key, to, ...(await senderFor(env, owner, raw, to)) };
}
