/** What the mesh hands to a Mailbox: a message read, fingerprinted, parsed and stored, waiting to be delivered. */
import { z } from "zod";
import type { StoredAddress, StoredAttachment } from "../../schema/mailbox/tables.ts";

const address = z.object({ name: z.string(), email: z.string() }) satisfies z.ZodType<StoredAddress>;
const attachment = z.object({
  n: z.number().int(),
  filename: z.string(),
  content_type: z.string(),
  size: z.number().int(),
  content_id: z.string().nullable(),
  disposition: z.enum(["attachment", "inline"]),
}) satisfies z.ZodType<StoredAttachment>;

/** The parts of a message that a Mailbox keeps in SQLite. The same for a delivery, a draft and a copy in Sent. */
export const Content = z.object({
  rfc_message_id: z.string().nullable(),
  in_reply_to: z.string().nullable(),
  references: z.array(z.string()),
  subject: z.string(),
  from: address.nullable(),
  to: z.array(address),
  cc: z.array(address),
  bcc: z.array(address),
  reply_to: z.array(address),
  sent_at: z.number().nullable(),
  preview: z.string(),
  attachments: z.array(attachment),
  /** Raw-deflated, base64 where a letter waits as JSON; null when there is none or it is too large for a row. */
  text: z.instanceof(Uint8Array).nullable(),
  html: z.instanceof(Uint8Array).nullable(),
  /** Folded for the index: see mail/text. */
  index: z.object({
    subject: z.string(),
    sender: z.string(),
    recipients: z.string(),
    body: z.string(),
    attachment_names: z.string(),
  }),
  parse_note: z.string().nullable(),
});
export type Content = z.infer<typeof Content>;

/** Where the bytes lie, and what stands in front of them when they are given back. */
export interface StoredBytes {
  /** See contract/r2-keys.ts. */
  raw_key: string;
  added_fields: string;
  /** Of the whole message: added fields and bytes. */
  size: number;
}

export interface Letter extends StoredBytes {
  content: Content;
  /** Envelope reverse-path, empty for a report. */
  return_path: string;
  /** The addresses of this account that the envelope named. */
  delivered_to: string[];
  /** Milliseconds: when the mesh took the message. */
  received_at: number;
  fingerprint: string;
  /** For so long the same fingerprint is a repeat, in milliseconds. */
  repeat_window: number;
}

export interface Delivery {
  /** `repeat`: the message is here already, and the bytes just stored are not needed. */
  outcome: "delivered" | "repeat";
  message_id: number;
  /** Where the bytes of the message that is here lie; null when it was deleted since. */
  raw_key: string | null;
}
