/**
 * What a delivery makes leave: the Mailbox asks for it through the queue, and here it is made and handed in. The queue's
 * message is only a hint. Whatever breaks on the way is tried again by the Mailbox's alarm.
 */
import type { FollowUpJob } from "../../contract/follow-ups.ts";
import type { FollowUpMail, WantedFollowUp } from "../../durable-objects/mailbox/follow-ups.ts";
import type { Env } from "../env.ts";
import { discardRaw } from "../storage/raw-messages.ts";
import { answerMessage } from "./automatic-reply.ts";
import { passOn } from "./pass-on.ts";
import { refuseMessage } from "./refuse-message.ts";

export async function sendFollowUp(env: Env, { user_id, follow_up }: FollowUpJob): Promise<void> {
  const mailbox = env.MAILBOX.getByName(user_id);
  const wanted = await mailbox.followUp(follow_up);
  if (wanted === null) return;
  const mail = await prepare(env, wanted);
  // When the answer to this is lost, so is whether it was done: the bytes stay, and the search for orphans looks at them.
  const outcome = await mailbox.finishFollowUp(follow_up, mail);
  if (outcome !== "queued" && mail !== null) await discardRaw(env, user_id, mail.raw_key);
}

/** Composes it and stores its bytes. Null: there is nothing to be sent, now and always. */
function prepare(env: Env, { follow_up, owner, message }: WantedFollowUp): Promise<FollowUpMail | null> {
  switch (follow_up.kind) {
    case "forward":
      return passOn(env, owner, message, follow_up);
    case "reply":
    case "vacation":
      return answerMessage(env, owner, message, follow_up);
    case "reject":
      return refuseMessage(env, owner, message, follow_up);
  }
}
