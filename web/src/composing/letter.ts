/** What is being written: as the composer has it, as it is kept until it is sent, and as the API takes it. */
import type { AddressInput } from "../../../contract/addresses.ts";
import type { MessageId, UploadId } from "../../../contract/ids.ts";
import type { AttachmentInput, DraftMessage } from "../../../contract/messages.ts";
import { parseAddresses } from "./address-list.ts";
import { forSending } from "./quote.ts";

/** Those that stand there, and what is being typed behind them. */
export interface Recipients {
  chosen: AddressInput[];
  typed: string;
}

export interface Attached {
  key: string;
  filename: string;
  content_type: string;
  size: number;
  /** Where the bytes are; null while they are on their way up. */
  source: { upload_id: UploadId } | { message_id: MessageId; n?: number } | null;
  /** Of a picture that the text shows. */
  content_id: string | null;
}

/** What is answered or passed on, below what is written. */
export interface Quote {
  text: string;
  html: string;
}

export interface Letter {
  /** The address of an identity; null for the default one. */
  from: string | null;
  to: Recipients;
  cc: Recipients;
  bcc: Recipients;
  subject: string;
  /** Plain text. */
  body: string;
  /** Rich text, in which case `body` is not used; null for a letter in plain text. */
  html: string | null;
  /** Of a rich letter. A plain one has it in its text. */
  quote: Quote | null;
  attachments: Attached[];
  /** The id of the message here, or its Message-ID. */
  in_reply_to: string | null;
  forwarded_message_id: MessageId | null;
}

const NOBODY: Recipients = { chosen: [], typed: "" };

export const EMPTY: Letter = {
  ...{ from: null, to: NOBODY, cc: NOBODY, bcc: NOBODY, subject: "", body: "", html: null, quote: null },
  ...{ attachments: [], in_reply_to: null, forwarded_message_id: null },
};

export const recipients = (chosen: readonly AddressInput[]): Recipients => ({ chosen: [...chosen], typed: "" });

/** What stands there and what is typed. */
export const everyone = ({ chosen, typed }: Recipients): AddressInput[] => [...chosen, ...parseAddresses(typed)];

/** Until its files are up they are not in it. */
export function asDraft(letter: Letter): DraftMessage {
  const { from, subject, body, html, quote, in_reply_to, forwarded_message_id } = letter;
  const written = forSending(`${html ?? ""}${quote?.html ?? ""}`);
  return {
    ...(from === null ? {} : { from: { name: "", email: from } }),
    to: everyone(letter.to),
    cc: everyone(letter.cc),
    bcc: everyone(letter.bcc),
    reply_to: [],
    subject,
    ...(html === null ? { body } : { body: "", body_html: written }),
    // A picture that was taken out of the text does not go along.
    attachments: letter.attachments
      .filter(({ content_id }) => content_id === null || html === null || written.includes(`cid:${content_id}`))
      .flatMap((attached) => asInput(attached, html !== null) ?? []),
    ...(in_reply_to === null ? {} : { in_reply_to }),
    ...(forwarded_message_id === null ? {} : { forwarded_message_id }),
  };
}

function asInput({ source, filename, content_type, content_id }: Attached, isRich: boolean): AttachmentInput | null {
  if (source === null) return null;
  const isWhole = "message_id" in source && source.n === undefined;
  return {
    ...source,
    filename,
    ...(isWhole ? {} : { content_type }),
    ...(content_id === null || !isRich ? { disposition: "attachment" } : { content_id, disposition: "inline" }),
  };
}

/** Nobody would miss it. */
export function isEmpty({ to, cc, bcc, subject, body, html, attachments }: Letter): boolean {
  const hasText = html === null ? body.trim() !== "" : /<img|[^\s<>]/.test(html.replaceAll(/<(?!img)[^>]*>/g, ""));
  const isAnywhere = [to, cc, bcc].some((field) => everyone(field).length > 0);
  return !hasText && !isAnywhere && subject.trim() === "" && attachments.length === 0;
}
