/** Rows as the API shows them. */
import { sql } from "drizzle-orm";
import { MAX_LISTED_RECIPIENTS } from "../../contract/limits.ts";
import type { Message, MessageSummary } from "../../contract/messages.ts";
import { revisionOf } from "../../contract/r2-keys.ts";
import { message } from "../../schema/mailbox/tables.ts";
import type { Mailbox, MessageRow } from "./mailbox-database.ts";
import { folderIdOf, messageIdOf, receivedAt, threadIdOf } from "./object-ids.ts";

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The end of the year 9999: a date-time has four digits for the year (RFC 3339 §5.6). */
const LAST_TIME = Date.UTC(10_000, 0) - 1;

/** The Date field is the sender's own, and its zone may carry it beyond what can be written. */
const sentTime = (milliseconds: number | null): string | null =>
  milliseconds === null || milliseconds < 0 || milliseconds > LAST_TIME ? null : isoTime(milliseconds);

/** A mailing's thousands of recipients are not all read for the few that a list shows. */
const MAX_RECIPIENTS_READ = 8000;
const firstRecipients = sql<
  MessageRow["to"]
>`CASE WHEN octet_length(${message.to}) <= ${sql.raw(String(MAX_RECIPIENTS_READ))}
  THEN ${message.to} ELSE (SELECT json_group_array(json(value)) FROM json_each(${message.to})
    WHERE key < ${sql.raw(String(MAX_LISTED_RECIPIENTS))}) END`.mapWith(message.to);

/** What a list reads of a message: the other columns can be long. */
export const summaryColumns = {
  id: message.id,
  thread_id: message.thread_id,
  folder_ids: message.folder_ids,
  from: message.from,
  to: firstRecipients,
  subject: message.subject,
  preview: message.preview,
  size: message.size,
  is_read: message.is_read,
  is_flagged: message.is_flagged,
  is_draft: message.is_draft,
  keywords: message.keywords,
  has_attachment: message.has_attachment,
  snoozed_until: message.snoozed_until,
};

export function summaryOf(box: Mailbox, row: Pick<MessageRow, keyof typeof summaryColumns>): MessageSummary {
  return {
    id: messageIdOf(box, row.id),
    user_id: box.user_id,
    thread_id: threadIdOf(box, row.thread_id),
    folder_ids: row.folder_ids.map((id) => folderIdOf(box, id)),
    from: row.from,
    to: row.to.slice(0, MAX_LISTED_RECIPIENTS),
    subject: row.subject,
    preview: row.preview,
    received_at: isoTime(receivedAt(row.id)),
    size: row.size,
    is_read: row.is_read,
    is_flagged: row.is_flagged,
    is_draft: row.is_draft,
    keywords: row.keywords,
    has_attachment: row.has_attachment,
    snoozed_until: row.snoozed_until === null ? null : isoTime(row.snoozed_until),
  };
}

/** A message without its body, which may be in the object or only in R2. */
export type MessageWithoutBody = Omit<Message, "body" | "body_html" | "remote_images" | "html_note" | "submission_id">;

export function detailOf(box: Mailbox, row: MessageRow): Omit<MessageWithoutBody, "shows_images"> {
  return {
    ...summaryOf(box, row),
    to: row.to,
    cc: row.cc,
    bcc: row.bcc,
    reply_to: row.reply_to,
    sent_at: sentTime(row.sent_at),
    headers: { message_id: row.rfc_message_id, in_reply_to: row.in_reply_to, references: row.references },
    attachments: row.attachments,
    authentication: row.authentication,
    warnings: row.warnings,
    attachment_scan: row.attachment_scan,
    list_unsubscribe: row.list_unsubscribe,
    return_path: row.return_path,
    delivered_to: row.delivered_to,
    parse_note: row.parse_note,
    receipt_to: row.receipt_to,
    draft_revision: row.is_draft ? revisionOf(row.raw_key) : null,
  };
}
