/** What parsing gives: JSON-like and well-formed throughout, so that it crosses RPC and goes into SQL as it is. */

/** A person or a robot in a header field. Either may be empty, not both. */
export interface Address {
  name: string;
  email: string;
}

export interface AttachmentInfo {
  /** Counts from 0 in the order of the message. The same bytes always give the same numbers. */
  n: number;
  filename: string;
  content_type: string;
  /** Decoded bytes. */
  size: number;
  content_id: string | null;
  disposition: "attachment" | "inline";
}

export interface ParsedMessage {
  subject: string;
  from: Address | null;
  sender: Address | null;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  reply_to: Address[];
  /** Ids are without angle brackets. */
  message_id: string | null;
  in_reply_to: string | null;
  references: string[];
  /** Milliseconds since 1970, as the sender's clock had it. */
  date: number | null;
  text: string;
  html: string | null;
  attachments: AttachmentInfo[];
  list_id: string | null;
  /** Disposition-Notification-To (RFC 8098 §2.1): who asks to be told that it was read. */
  receipt_to: string | null;
  /** A sentence for the reader when something of the message is not shown as it was meant. */
  parse_note: string | null;
}
