/** A refusal by a script's `reject`: its sender hears that the message was not delivered, and why (RFC 5429 §2.2). */
import { composeDisposition, type DispositionNotification } from "./disposition-notification.ts";
import { oneLine } from "./header-text.ts";

export interface Refusal
  extends Pick<DispositionNotification, "recipient" | "to" | "host" | "message_id" | "date" | "boundary_seed"> {
  /** In the words of the script. */
  reason: string;
  original: { message_id: string | null; subject: string };
}

export function composeRefusal({ reason, original, ...refusal }: Refusal): Uint8Array {
  const title = oneLine(original.subject).trim();
  return composeDisposition({
    ...refusal,
    original_message_id: original.message_id,
    subject: `Refused: ${title === "" ? "(no subject)" : title}`,
    words: [
      `The message ${title === "" ? "without a subject" : `"${title}"`} that you sent to ${refusal.recipient.email}`,
      "was refused by a rule of its recipient:",
      "",
      reason,
    ],
    // RFC 8098 §3.2.6: a program did it, and the message is gone for its recipient.
    disposition: "automatic-action/MDN-sent-automatically; deleted",
  });
}
