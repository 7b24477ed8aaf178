/**
 * A raw message (RFC 5322, MIME) to what a mailbox shows and indexes. It never throws and never loses the message:
 * what cannot be understood is shown as text, with a note. The raw bytes stay the truth; this is a reading of them.
 */
import { MAX_FROM_CHARACTERS, parseAddresses } from "./addresses.ts";
import { type BodyText, readBodyText, readRawText } from "./body-text.ts";
import { charsetHint, citedContentIds, describeAttachment, sortContents } from "./contents.ts";
import { parseDate } from "./date.ts";
import { type Field, fieldText, fieldTexts } from "./fields.ts";
import { decodeHeaderText } from "./header-text.ts";
import { parseListId, parseMessageId, parseMessageIds } from "./message-ids.ts";
import type { Address, AttachmentInfo, ParsedMessage } from "./parsed-message.ts";
import { type Part, readStructure, type Structure } from "./structure.ts";
import { decodeBody } from "./transfer-encoding.ts";

export type { Address, AttachmentInfo, ParsedMessage } from "./parsed-message.ts";

/** Reads a message. The promise is for a parser that may need one; today none of it waits. */
export async function parseMessage(bytes: Uint8Array): Promise<ParsedMessage> {
  try {
    return readMessage(bytes);
  } catch (error) {
    // No input is known that gets here. If one is found, its recipient reads it, and its bytes are there to learn from.
    return unreadable(bytes, error instanceof Error ? error.message : "unknown error");
  }
}

/** The decoded bytes of the attachment with this number, exactly as they were sent. */
export async function readAttachment(
  bytes: Uint8Array,
  n: number,
): Promise<{ info: AttachmentInfo; content: Uint8Array } | null> {
  const { root } = readStructure(bytes);
  const { attached, passages } = sortContents(root);
  const found = attached[n];
  if (found === undefined) return null;
  const { html } = readBodyText(bytes, passages);
  const info = describeAttachment(bytes, found, n, citedContentIds(html ?? ""));
  const { part } = found;
  return { info, content: decodeBody(bytes.subarray(part.bodyStart, part.bodyEnd), part.encoding) };
}

function readMessage(bytes: Uint8Array): ParsedMessage {
  const structure = readStructure(bytes);
  const { passages, attached } = sortContents(structure.root);
  const body = readBodyText(bytes, passages);
  const cids = citedContentIds(attached.length > 0 ? (body.html ?? "") : "");
  return {
    ...readHeader(structure.root),
    text: body.text,
    html: body.html,
    attachments: attached.map((part, n) => describeAttachment(bytes, part, n, cids)),
    parse_note: noteOn(bytes, structure, body),
  };
}

type Header = Omit<ParsedMessage, "text" | "html" | "attachments" | "parse_note">;

function readHeader(root: Part): Header {
  const charset = charsetHint(root);
  const one = (name: string) => fieldText(root.fields, name, charset);
  const addresses = (name: string) => addressesOf(root.fields, name, charset);
  return {
    subject: decodeHeaderText(one("subject") ?? ""),
    from: addresses("from")[0] ?? null,
    sender: addresses("sender")[0] ?? null,
    to: addresses("to"),
    cc: addresses("cc"),
    bcc: addresses("bcc"),
    reply_to: addresses("reply-to"),
    message_id: parseMessageId(one("message-id")),
    in_reply_to: parseMessageId(one("in-reply-to")),
    references: parseMessageIds(one("references") ?? ""),
    date: parseDate(one("date") ?? ""),
    list_id: parseListId(one("list-id")),
    receipt_to: addresses("disposition-notification-to")[0]?.email || null,
  };
}

/**
 * The body's charset helps with names that are not encoded. It is the sender's word, and nobody else's reader follows it,
 * so it never makes other addresses of the field than there are without it.
 */
function addressesOf(fields: readonly Field[], name: string, charset: string | null): Address[] {
  const limit = name === "from" ? MAX_FROM_CHARACTERS : undefined;
  const plain = parseAddresses(fieldTexts(fields, name), limit);
  if (charset === null) return plain;
  const hinted = parseAddresses(fieldTexts(fields, name, charset), limit);
  const isSame = hinted.length === plain.length && hinted.every(({ email }, n) => email === plain[n]?.email);
  return isSame ? hinted : plain;
}

const LIMIT_NOTES = {
  header_size: "its header is larger than 1 MiB",
  depth: "its parts are nested too deep",
  part_count: "it has more than 1,000 parts",
} as const;

function noteOn(bytes: Uint8Array, { root, limits }: Structure, body: BodyText): string | null {
  if (bytes.length === 0) return "This message could not be parsed: it is empty.";
  if (root.fields.length === 0 && root.bodyStart === 0) return "This message could not be parsed: it has no header.";
  const reasons: string[] = [...limits].map((limit) => LIMIT_NOTES[limit]);
  if (body.isCut) reasons.push("its text is too long to be shown whole");
  if (reasons.length === 0) return null;
  return `This message could not be parsed in full: ${reasons.join("; ")}. The original has everything.`;
}

function unreadable(bytes: Uint8Array, reason: string): ParsedMessage {
  return {
    subject: "",
    from: null,
    sender: null,
    to: [],
    cc: [],
    bcc: [],
    reply_to: [],
    message_id: null,
    in_reply_to: null,
    references: [],
    date: null,
    text: readRawText(bytes),
    html: null,
    attachments: [],
    list_id: null,
    receipt_to: null,
    parse_note: `This message could not be parsed: ${reason.toWellFormed()}.`,
  };
}
