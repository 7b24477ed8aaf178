/** Tells the owner of an account that nothing leaves it any more, and why. The Mailbox asks for it through the queue. */
import type { StopNoticeJob } from "../../contract/submissions.ts";
import { composeMessage } from "../../mail/compose/compose-message.ts";
import type { Env } from "../env.ts";
import { discardRaw } from "../storage/raw-messages.ts";
import { letterOf } from "./report-failures.ts";

export async function tellStop(env: Env, { user_id }: StopNoticeJob): Promise<void> {
  const mailbox = env.MAILBOX.getByName(user_id);
  const notice = await mailbox.stopNotice();
  if (notice === null) return;
  const { email, stopped_at, why } = notice;
  const letter = await letterOf(env, user_id, email, compose(env, email, stopped_at, why));
  if (!(await mailbox.deliverStopNotice(stopped_at, letter))) await discardRaw(env, user_id, letter.raw_key);
}

function compose(env: Env, email: string, stopped_at: number, why: string): Uint8Array<ArrayBuffer> {
  const letter = composeMessage({
    from: { name: "Mail Delivery System", email: `mailer-daemon@${env.HOSTNAME}` },
    to: [{ name: "", email }],
    ...{ cc: [], reply_to: [], attachments: [], in_reply_to: null, references: [] },
    subject: "Your account cannot send any more",
    body: [
      `Since ${new Date(stopped_at).toUTCString()} nothing leaves your account ${email}.`,
      `Why: ${why}`,
      "Receivers would soon refuse the mail of everybody in your domain. What you sent and had not left waits for four days.",
      "If you did not send this mail yourself, change your password. Then write to whoever runs this service: an operator can let your mail go on.",
    ].join("\n\n"),
    message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
    date: new Date(),
    boundary_seed: crypto.randomUUID(),
  });
  // RFC 3834 §5: nobody's vacation responder answers this.
  return new Uint8Array([...new TextEncoder().encode("Auto-Submitted: auto-generated\r\n"), ...letter]);
}
