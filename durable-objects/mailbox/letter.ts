/** What the mesh hands to a Mailbox: a message read, fingerprinted, parsed and stored, waiting to be delivered. */
import type { AttachmentScan } from "../../contract/attachment-scan.ts";
import type { Authentication } from "../../contract/authentication.ts";
import type { RefusalReason } from "../../contract/ingest.ts";
import type { ListUnsubscribe } from "../../contract/list-unsubscribe.ts";
import type { Warning } from "../../contract/warnings.ts";
import type { IndexColumn } from "../../mail/query/match-expression.ts";
import type { Report } from "../../mail/report/report.ts";
import type { SpamSigns } from "../../mail/spam/features.ts";
import type { StoredAddress, StoredAttachment } from "../../schema/mailbox/tables.ts";

/** The parts of a message that a Mailbox keeps in SQLite. The same for a delivery, a draft and a copy in Sent. */
export interface Content {
  rfc_message_id: string | null;
  in_reply_to: string | null;
  references: string[];
  subject: string;
  from: StoredAddress | null;
  to: StoredAddress[];
  cc: StoredAddress[];
  bcc: StoredAddress[];
  reply_to: StoredAddress[];
  sent_at: number | null;
  preview: string;
  attachments: StoredAttachment[];
  /** Raw-deflated; null when there is none. */
  text: Uint8Array | null;
  html: Uint8Array | null;
  /** The columns of the full-text index, folded: see mail/text. */
  index: Record<IndexColumn, string>;
  parse_note: string | null;
  /** Who asks to be told that it was read (RFC 8098 §2.1). */
  receipt_to: string | null;
}

/** Where the bytes lie, and what stands in front of them when they are given back. */
export interface StoredBytes {
  /** See contract/r2-keys.ts. */
  raw_key: string;
  added_fields: string;
  /** Of the whole message: added fields and bytes. */
  size: number;
}

/** What the mesh found out about a stranger's message before it handed it over. */
export interface Examination {
  authentication: Authentication | null;
  /** Those that can be given without knowing the mailbox. */
  warnings: Warning[];
  /** Hosts that its links lead to; whether one of them looks like a domain that is known here is the mailbox's question. */
  link_hosts: string[];
  /** Null where its bytes could not be looked at. */
  spam_signs: SpamSigns | null;
  attachment_scan: AttachmentScan | null;
  list_unsubscribe: ListUnsubscribe | null;
  /** The header as it came, at most MAX_EXAMINED_HEADER_BYTES of it: rules ask for fields that the content has not. */
  header: Uint8Array;
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
  /** What it reports of a message that was sent, if it is a report. */
  report?: Report | null;
  /** Null for what the mesh itself wrote: it is put where its owner sees it. */
  examination?: Examination | null;
  /** The sender was told that we have it: it is delivered whatever room there is. */
  is_acknowledged?: boolean;
  /** Its sender listens, and it is for nobody else: should this mailbox refuse it, that can be told. */
  is_alone?: boolean;
}

export interface Delivery {
  /** `repeat`: the message is here already. The bytes just stored are not needed then, nor where it is refused. */
  outcome: "delivered" | "repeat" | "refused";
  /** Why it is refused. */
  refusal?: RefusalReason;
  /** Null when it was refused. */
  message_id: number | null;
  /** Where the bytes of the message that is here lie; null when it was deleted since, or never came. */
  raw_key: string | null;
  /** It makes something leave: the alarm has to ring. */
  has_follow_ups?: boolean;
}
