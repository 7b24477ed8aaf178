/** Read receipts: a sender who asked for it hears that the message was shown, since its recipient wanted that known. */
import type { Address } from "./address-field.ts";
import { composeDisposition, type DispositionNotification } from "./disposition-notification.ts";
import { formatDate, oneLine } from "./header-text.ts";

export interface ReadReceipt
  extends Pick<DispositionNotification, "to" | "host" | "message_id" | "date" | "boundary_seed"> {
  /** Who read it, as the address that it came to. */
  reader: Address;
  original: { message_id: string | null; subject: string; sent_at: Date | null };
}

export function composeReadReceipt({ reader, original, ...receipt }: ReadReceipt): Uint8Array {
  const title = oneLine(original.subject).trim();
  return composeDisposition({
    ...receipt,
    recipient: reader,
    original_message_id: original.message_id,
    subject: `Read: ${title === "" ? "(no subject)" : title}`,
    words: [
      `The message ${title === "" ? "without a subject" : `"${title}"`} that you sent to ${reader.email}`,
      ...(original.sent_at === null ? [] : [`on ${formatDate(original.sent_at)}`]),
      `was shown on ${formatDate(receipt.date)}.`,
      "This is no promise that it was read or understood.",
    ],
    // RFC 8098 §3.2.6.1: somebody decided, for this one message, that it is sent.
    disposition: "manual-action/MDN-sent-manually; displayed",
  });
}
