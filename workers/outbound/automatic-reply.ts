/** An answer that leaves by itself: composed in the owner's name, from the address that the message came to. */
import type { FollowUp } from "../../contract/follow-ups.ts";
import type { FollowUpMail, WantedFollowUp } from "../../durable-objects/mailbox/follow-ups.ts";
import { composeAutomaticReply } from "../../mail/compose/automatic-reply.ts";
import type { Env } from "../env.ts";
import { storeRaw } from "../storage/raw-messages.ts";
import { ownAddress } from "./own-address.ts";
import { senderFor } from "./sender-of-automatic.ts";

type Answer = Extract<FollowUp, { kind: "reply" | "vacation" }>;

export async function answerMessage(
  env: Env,
  owner: WantedFollowUp["owner"],
  message: WantedFollowUp["message"],
  { to, subject, body, body_html, from, only_if_own }: Answer,
): Promise<FollowUpMail | null> {
  // An alias of many people: one of them being away is not what who wrote to it wants to know.
  if (only_if_own !== null && (await ownAddress(env, owner.user_id, only_if_own)) === null) return null;
  const raw = composeAutomaticReply({
    from: await authorOf(env, owner, message, from),
    ...{ to, subject, body, body_html },
    answered: { message_id: message.rfc_message_id, references: message.references, subject: message.subject },
    message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
    date: new Date(),
    boundary_seed: crypto.randomUUID(),
  });
  const raw_key = await storeRaw(env, owner.user_id, raw, Date.now());
  return { raw_key, to, ...(await senderFor(env, owner, raw, to)) };
}

/** The address that the sender knows, where it is this account's alone: another one of it is nobody's business. */
async function authorOf(
  env: Env,
  { user_id, email, name }: WantedFollowUp["owner"],
  { delivered_to }: WantedFollowUp["message"],
  wanted: Answer["from"],
) {
  const [known = email] = delivered_to;
  const own = (address: string) => ownAddress(env, user_id, address);
  const chosen = wanted === null ? null : await own(wanted.email);
  return { name: wanted?.name || name, email: chosen ?? (await own(known)) ?? email };
}
