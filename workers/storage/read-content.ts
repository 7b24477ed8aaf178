/** From a message's bytes to what a Mailbox keeps of it. The same for mail that comes, mail that goes, and drafts. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Content } from "../../durable-objects/mailbox/letter.ts";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import type { ParsedMessage } from "../../mail/parse/parsed-message.ts";
import { indexColumns, recipientColumns } from "../../mail/text/index-columns.ts";
import { preview } from "../../mail/text/preview.ts";

/** Never throws: what cannot be parsed is kept as a readable message with a note. */
export async function readContent(bytes: Uint8Array): Promise<Content> {
  return contentOf(await parseMessage(bytes));
}

export function contentOf(parsed: ParsedMessage): Content {
  return {
    rfc_message_id: parsed.message_id,
    in_reply_to: parsed.in_reply_to,
    references: parsed.references,
    subject: parsed.subject,
    from: parsed.from,
    to: parsed.to,
    cc: parsed.cc,
    bcc: parsed.bcc,
    reply_to: parsed.reply_to,
    sent_at: parsed.date,
    preview: preview(parsed.text),
    attachments: parsed.attachments,
    text: deflate(parsed.text),
    html: parsed.html === null ? null : deflate(parsed.html),
    index: indexColumns(parsed),
    parse_note: parsed.parse_note,
    receipt_to: parsed.receipt_to,
  };
}

/** The content of a message whose writer named others than its header does: Bcc, or an address that is half typed. */
export function withRecipients(
  content: Content,
  recipients: Partial<Pick<Content, "to" | "cc" | "bcc" | "reply_to">>,
): Content {
  const named = { ...content, ...recipients };
  return { ...named, index: { ...content.index, ...recipientColumns(named) } };
}

const deflate = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(deflateRawSync(text));

export const inflate = (bytes: Uint8Array): string => inflateRawSync(bytes).toString("utf8");
