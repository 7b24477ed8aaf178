/** Lists, threads and single messages. Every list is a key range that stops at the page's end. */
import { eq, sql } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import type { MessagePage, MessageSummary } from "../../contract/messages.ts";
import { body, message, submission } from "../../schema/mailbox/tables.ts";
import { type Mailbox, type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";
import { detailOf, type MessageWithoutBody, summaryColumns, summaryOf } from "./message-views.ts";
import { cursorOf, requireNumber, submissionIdOf } from "./object-ids.ts";
import { summariesOfThreads } from "./read-threads.ts";
import { showsImages } from "./shows-images.ts";

/** What is needed of a message to move, mark or delete it. A thousand may be asked for, so none may be wide. */
export const heldColumns = {
  id: message.id,
  thread_id: message.thread_id,
  folder_ids: message.folder_ids,
  is_read: message.is_read,
  is_flagged: message.is_flagged,
  is_draft: message.is_draft,
  keywords: message.keywords,
  snoozed_until: message.snoozed_until,
  size: message.size,
  raw_key: message.raw_key,
  fingerprint: message.fingerprint,
};
export type HeldMessage = Pick<MessageRow, keyof typeof heldColumns>;

/** Messages by id, in the order of the ids. One bound parameter, since a statement takes only 100. */
export function messagesById(db: MailboxDb, ids: number[]): HeldMessage[] {
  const isOne = sql`${message.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return inOrder(ids, db.select(heldColumns).from(message).where(isOne).all());
}

/** The same as a list shows them. */
export function summariesById(box: Mailbox, ids: number[]): MessageSummary[] {
  const rows = selectSummaries(box.db).all({ ids: JSON.stringify(ids) });
  return inOrder(ids, rows).map((row) => summaryOf(box, row));
}

/** Rows in the order of the ids that were asked for. */
export function inOrder<Row extends { id: number }>(ids: number[], rows: Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * Turns `limit + 1` ids into a page: the one too many only says that there is more. In a collapsed list each message
 * stands for its thread, and says how much of it there is.
 */
export function pageOf(box: Mailbox, ids: number[], limit: number, isCollapsed = false): MessagePage {
  const shown = ids.slice(0, limit);
  const last = shown.at(-1);
  const rows = new Map(
    selectSummaries(box.db)
      .all({ ids: JSON.stringify(shown) })
      .map((row) => [row.id, row]),
  );
  const threads = isCollapsed ? summariesOfThreads(box.db, [...rows.values()]) : null;
  return {
    messages: shown
      .flatMap((id) => rows.get(id) ?? [])
      .map((row) => ({ ...summaryOf(box, row), ...(threads && { thread: threads.get(row.thread_id) }) })),
    next_cursor: ids.length > limit && last !== undefined ? cursorOf(box, last) : null,
  };
}

const selectSummaries = prepared((db) =>
  db
    .select(summaryColumns)
    .from(message)
    .where(sql`${message.id} IN (SELECT value FROM json_each(${sql.placeholder("ids")}))`)
    .prepare(),
);

export const findMessage = (db: MailboxDb, id: number): MessageRow | undefined =>
  db.select().from(message).where(eq(message.id, id)).get();

export function requireMessage(box: Mailbox, id: string): MessageRow {
  const row = findMessage(box.db, requireNumber(box, "message", id));
  if (row === undefined) throw notFound("message");
  return row;
}

/** A message as the object has it. Without a stored body the caller parses the raw bytes. */
export interface OpenedMessage {
  message: MessageWithoutBody & { submission_id: string | null };
  /** Raw-deflated text and HTML, or null when they are only in R2. */
  body: { text: Uint8Array | null; html: Uint8Array | null } | null;
  raw: RawMessage;
}

/** Where the bytes are, and what goes in front of them. */
export interface RawMessage {
  raw_key: string;
  added_fields: string;
  size: number;
}

export function openMessage(box: Mailbox, id: string): OpenedMessage {
  const row = requireMessage(box, id);
  const stored = box.db.select().from(body).where(eq(body.message_id, row.id)).get();
  const sent = box.db.select({ id: submission.id }).from(submission).where(eq(submission.message_id, row.id)).get();
  return {
    message: {
      ...detailOf(box, row),
      shows_images: showsImages(box.db, row),
      submission_id: sent ? submissionIdOf(box, sent.id) : null,
    },
    body: stored ? { text: stored.text, html: stored.html } : null,
    raw: rawOf(row),
  };
}

export function rawOf(row: Pick<MessageRow, "raw_key" | "added_fields" | "size">): RawMessage {
  return { raw_key: row.raw_key, added_fields: row.added_fields, size: row.size };
}
