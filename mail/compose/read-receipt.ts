/**
 * Read receipts: a message disposition notification (RFC 8098, in the multipart/report of RFC 6522) that says to a
 * sender who asked for it that its recipient has opened the message, and wanted that to be known. Two parts: words for
 * the person, fields for the machine. The third is left out: the sender has his own message.
 */
import { type Address, formatAddressList, typedAddress } from "./address-field.ts";
import { assemble, textPart } from "./assemble.ts";
import { encodeReadable, encodeText } from "./body-encoding.ts";
import { utf8 } from "./bytes.ts";
import { foldTokens, formatDate, formatText, oneLine } from "./header-text.ts";
import { formatMessageId, formatThreadFields } from "./message-ids.ts";

export interface ReadReceipt {
  /** Who read it, as the address that it came to. */
  reader: Address;
  /** Who asked. */
  to: string;
  /** The name of the host that this was read at. */
  host: string;
  original: { message_id: string | null; subject: string; sent_at: Date | null };
  message_id: string;
  date: Date;
  boundary_seed: string;
}

export function composeReadReceipt(receipt: ReadReceipt): Uint8Array {
  const { reader, original, date } = receipt;
  const title = oneLine(original.subject).trim();
  const id = original.message_id === null ? null : formatMessageId(original.message_id);
  const words = [
    `The message ${title === "" ? "without a subject" : `"${title}"`} that you sent to ${reader.email}`,
    ...(original.sent_at === null ? [] : [`on ${formatDate(original.sent_at)}`]),
    `was shown on ${formatDate(date)}.`,
    "This is no promise that it was read or understood.",
  ];
  const fields = [
    ["Reporting-UA", `${receipt.host}; Mailmesh`],
    ["Final-Recipient", typedAddress(reader.email)],
    ...(id === null ? [] : [["Original-Message-ID", id]]),
    // RFC 8098 §3.2.6.1: somebody decided, for this one message, that it is sent.
    ["Disposition", "manual-action/MDN-sent-manually; displayed"],
  ];
  return assemble({
    fields: [
      ["Date", formatDate(date)],
      ["From", formatAddressList("From", [reader])],
      ["To", formatAddressList("To", [{ name: "", email: receipt.to }])],
      ["Subject", formatText("Subject", `Read: ${title === "" ? "(no subject)" : title}`)],
      ...formatThreadFields({
        message_id: receipt.message_id,
        in_reply_to: id,
        references: id === null ? [] : [id],
      }),
      // RFC 3834 §5: vacation programs and list servers do not answer what says this.
      ["Auto-Submitted", "auto-replied"],
      ["MIME-Version", "1.0"],
    ],
    text: textPart("text/plain", encodeText(`${words.join("\n")}\n`)),
    html: null,
    related: [],
    attached: [
      {
        headers: { "Content-Type": "message/disposition-notification" },
        body: encodeReadable(
          utf8(fields.map(([name = "", value = ""]) => `${name}: ${foldTokens(name, value.split(" "))}\r\n`).join("")),
        ),
      },
    ],
    container: "report",
    report_type: "disposition-notification",
    boundary_seed: receipt.boundary_seed,
  });
}
