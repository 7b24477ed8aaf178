/**
 * A message as the network wants it (RFC 5322, MIME) from what a person wrote. Pure: date, id and randomness are
 * arguments. Every text is accepted and none can add a field or a part; the addresses have been checked by the API.
 * Bcc is not here: it never goes into what others get, see `formatAddressField` for the sender's own copy.
 */

import { htmlToText } from "../text/html-to-text.ts";
import { type Address, formatAddressList, hasUtf8LocalPart } from "./address-field.ts";
import { assemble, assemblePieces, type Field, type Layout, type Part, textPart } from "./assemble.ts";
import { formatAttachment, isAlternative, isRelated, type OutgoingAttachment } from "./attachment.ts";
import { encodeText } from "./body-encoding.ts";
import { flow } from "./flowed-text.ts";
import { formatDate, formatText } from "./header-text.ts";
import { formatThreadFields } from "./message-ids.ts";
import type { Piece } from "./pieces.ts";

export { type Address, formatAddressField } from "./address-field.ts";
export type { EnclosedMessage, OutgoingAttachment, StoredFile } from "./attachment.ts";
export { isEightBit } from "./bytes.ts";

/** Every message id is taken with its angle brackets or without; in the message it has them. */
export interface OutgoingMessage {
  from: Address;
  to: Address[];
  cc: Address[];
  reply_to: Address[];
  /** Bulk mail: To and Cc are left to what stands in front of each copy, see bulk-fields.ts. */
  recipients_in_front?: boolean;
  /** Asks to be told when it is read: the address to tell (RFC 8098 §2.1). */
  receipt_to?: Address;
  subject: string;
  body: string;
  body_html?: string;
  attachments: OutgoingAttachment[];
  in_reply_to: string | null;
  /** Oldest first. The parent's id is added when it is not the last already. */
  references: string[];
  message_id: string;
  date: Date;
  /** 128 random bits or more, in letters and digits: a UUID does. See boundary.ts. */
  boundary_seed: string;
}

/**
 * The message, CRLF throughout, no line over 998 octets. It is ASCII but for two cases, which the transport must ask
 * about: `needsSmtpUtf8`, and an attached message that is 8-bit itself (`isEightBit` of the result). Throws only for a
 * message id or a date that is none, which is our own mistake.
 */
export function composeMessage(message: OutgoingMessage): Uint8Array {
  return assemble(layoutOf(message));
}

/** The same, with the names of stored files where their octets would stand. */
export function composePieces(message: OutgoingMessage): Piece[] {
  return assemblePieces(layoutOf(message));
}

function layoutOf(message: OutgoingMessage): Layout {
  const html = message.body_html ? textPart("text/html", encodeText(message.body_html)) : null;
  const placeOf = (attachment: OutgoingAttachment) => {
    if (isAlternative(attachment)) return "alternatives";
    return html !== null && isRelated(attachment) ? "related" : "attached";
  };
  const at = Map.groupBy(message.attachments, placeOf);
  const partsAt = (place: ReturnType<typeof placeOf>) => (at.get(place) ?? []).map(formatAttachment);
  return {
    fields: headerFields(message),
    text: textOf(message),
    html,
    alternatives: partsAt("alternatives"),
    related: partsAt("related"),
    attached: partsAt("attached"),
    container: "mixed",
    boundary_seed: message.boundary_seed,
  };
}

/**
 * The plain form of what was written in HTML alone is made here: many read it, filters weigh it, and previews show it.
 * Where nothing would be in it there is none: an empty alternative says that there is nothing to read (RFC 2046 §5.1.4).
 */
function textOf({ body, body_html }: OutgoingMessage): Part | null {
  const text = body_html && body.trim() === "" ? htmlToText(body_html) : body;
  if (body_html && text.trim() === "") return null;
  const flowed = flow(text);
  const part = textPart("text/plain", encodeText(flowed ?? text));
  if (flowed !== null) part.headers["Content-Type"] += "; format=flowed; delsp=no";
  return part;
}

/** True when the header holds a local part beyond ASCII, so that only servers with SMTPUTF8 take it (RFC 6531 §3.2). */
export function needsSmtpUtf8(message: Pick<OutgoingMessage, "from" | "to" | "cc" | "reply_to">): boolean {
  return [message.from, ...message.to, ...message.cc, ...message.reply_to].some(({ email }) => hasUtf8LocalPart(email));
}

function headerFields(message: OutgoingMessage): Field[] {
  const { from, to, cc, reply_to } = message;
  const isOpen = !message.recipients_in_front;
  const lists: [name: string, addresses: Address[]][] = [
    ["To", isOpen ? to : []],
    ["Cc", isOpen ? cc : []],
    ["Reply-To", reply_to],
    ["Disposition-Notification-To", message.receipt_to === undefined ? [] : [message.receipt_to]],
  ];
  const fields: Field[] = [
    ["Date", formatDate(message.date)],
    ["From", formatAddressList("From", [from])],
  ];
  // RFC 5322 §3.4, a group of nobody: many filters hold mail with no recipient field at all for spam.
  if (isOpen && to.length === 0 && cc.length === 0) fields.push(["To", "undisclosed-recipients:;"]);
  for (const [name, addresses] of lists) {
    if (addresses.length > 0) fields.push([name, formatAddressList(name, addresses)]);
  }
  fields.push(["Subject", formatText("Subject", message.subject)], ...formatThreadFields(message));
  fields.push(["MIME-Version", "1.0"]);
  return fields;
}
