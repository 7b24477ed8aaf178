/**
 * Message disposition notifications (RFC 8098, in the multipart/report of RFC 6522): what became of a message at its
 * recipient's. Two parts: words for the person, fields for the machine. The third is left out: the sender has his own
 * message.
 */
import { type Address, formatAddressList, typedAddress } from "./address-field.ts";
import { assemble, textPart } from "./assemble.ts";
import { encodeReadable, encodeText } from "./body-encoding.ts";
import { utf8 } from "./bytes.ts";
import { foldTokens, formatDate, formatText } from "./header-text.ts";
import { formatMessageId, formatThreadFields } from "./message-ids.ts";

export interface DispositionNotification {
  /** Whose message it was, as the address that it came to. */
  recipient: Address;
  /** Who is told. */
  to: string;
  /** The name of the host that speaks. */
  host: string;
  /** The Message-ID of the message that it is about. */
  original_message_id: string | null;
  subject: string;
  words: string[];
  /** RFC 8098 §3.2.6: modes and type. */
  disposition: string;
  message_id: string;
  date: Date;
  boundary_seed: string;
}

export function composeDisposition(notification: DispositionNotification): Uint8Array {
  const { recipient, date, original_message_id } = notification;
  const id = original_message_id === null ? null : formatMessageId(original_message_id);
  const fields = [
    ["Reporting-UA", `${notification.host}; Mailmesh`],
    ["Final-Recipient", typedAddress(recipient.email)],
    ...(id === null ? [] : [["Original-Message-ID", id]]),
    ["Disposition", notification.disposition],
  ];
  return assemble({
    fields: [
      ["Date", formatDate(date)],
      ["From", formatAddressList("From", [recipient])],
      ["To", formatAddressList("To", [{ name: "", email: notification.to }])],
      ["Subject", formatText("Subject", notification.subject)],
      ...formatThreadFields({
        message_id: notification.message_id,
        in_reply_to: id,
        references: id === null ? [] : [id],
      }),
      // RFC 3834 §5: vacation programs and list servers do not answer what says this.
      ["Auto-Submitted", "auto-replied"],
      ["MIME-Version", "1.0"],
    ],
    text: textPart("text/plain", encodeText(`${notification.words.join("\n")}\n`)),
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
    boundary_seed: notification.boundary_seed,
  });
}
