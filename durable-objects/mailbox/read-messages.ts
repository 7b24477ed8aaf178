/** Lists, threads and single messages. Every list is a key range that stops at the page's end. */
import { and, asc, desc, eq, gt, lt, type SQL, sql } from "drizzle-orm";
import type { ListMessages, MessagePage, Thread } from "../../contract/messages.ts";
import { body, folder, folder_message, message, submission, unread } from "../../schema/mailbox/tables.ts";
import { notFound } from "../../contract/failure.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MailboxDb, MessageRow } from "./mailbox-database.ts";
import { detailOf, type MessageWithoutBody, summaryOf } from "./message-views.ts";
import { cursorOf, requireCursor, requireNumber, submissionIdOf, threadIdOf } from "./object-ids.ts";

/** Rows by id, in the order of the ids. One bound parameter, since a statement takes only 100. */
export function messagesById(db: MailboxDb, ids: number[]): MessageRow[] {
  const rows = db
    .select()
    .from(message)
    .where(sql`${message.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .all();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Turns `limit + 1` ids into a page: the one too many only says that there is more. */
export function pageOf(box: Mailbox, ids: number[], limit: number): MessagePage {
  const shown = ids.slice(0, limit);
  const last = shown.at(-1);
  return {
    messages: messagesById(box.db, shown).map((row) => summaryOf(box, row)),
    next_cursor: ids.length > limit && last !== undefined ? cursorOf(box, last) : null,
  };
}

export function listMessages(box: Mailbox, folderId: string, { limit, cursor, is_read }: ListMessages): MessagePage {
  const id = requireNumber(box, "folder", folderId);
  if (box.db.select({ id: folder.id }).from(folder).where(eq(folder.id, id)).get() === undefined) throw notFound("folder");
  const before = requireCursor(box, cursor);
  return pageOf(box, idsIn(box, id, before, is_read, limit + 1), limit);
}

function idsIn(box: Mailbox, folderId: number, before: number | undefined, isRead: boolean | undefined, limit: number): number[] {
  const { db } = box;
  if (folderId === ROLE_ID.all && isRead === false) return unreadAnywhere(db, before, limit);
  if (folderId === ROLE_ID.all || folderId === ROLE_ID.flagged) {
    // `all` walks the rowid, `flagged` the partial index message_flagged.
    const isShown = folderId === ROLE_ID.flagged ? sql`is_flagged = 1` : undefined;
    return ids(
      db
        .select({ id: message.id })
        .from(message)
        .where(and(isShown, older(message.id, before), isRead === undefined ? undefined : eq(message.is_read, isRead)))
        .orderBy(desc(message.id))
        .limit(limit)
        .all(),
    );
  }
  if (isRead === false) {
    return ids(
      db
        .select({ id: unread.message_id })
        .from(unread)
        .where(and(eq(unread.folder_id, folderId), older(unread.message_id, before)))
        .orderBy(desc(unread.message_id))
        .limit(limit)
        .all(),
    );
  }
  const isNotUnread = sql`NOT EXISTS (SELECT 1 FROM unread u WHERE u.folder_id = ${folder_message.folder_id} AND u.message_id = ${folder_message.message_id})`;
  return ids(
    db
      .select({ id: folder_message.message_id })
      .from(folder_message)
      .where(
        and(
          eq(folder_message.folder_id, folderId),
          older(folder_message.message_id, before),
          isRead === true ? isNotUnread : undefined,
        ),
      )
      .orderBy(desc(folder_message.message_id))
      .limit(limit)
      .all(),
  );
}

/** The newest unread of every folder, merged: a few short scans instead of one over all messages. */
function unreadAnywhere(db: MailboxDb, before: number | undefined, limit: number): number[] {
  const folders = db.select({ id: folder.id }).from(folder).where(gt(folder.unread, 0)).all();
  const found = new Set<number>();
  for (const { id } of folders) {
    const newest = db
      .select({ id: unread.message_id })
      .from(unread)
      .where(and(eq(unread.folder_id, id), older(unread.message_id, before)))
      .orderBy(desc(unread.message_id))
      .limit(limit);
    for (const row of newest.all()) found.add(row.id);
  }
  return [...found].sort((a, b) => b - a).slice(0, limit);
}

const ids = (rows: { id: number }[]): number[] => rows.map((row) => row.id);

function older(column: Parameters<typeof lt>[0], before: number | undefined): SQL | undefined {
  return before === undefined ? undefined : sql`${column} < ${before}`;
}

/** A thread, oldest first. */
export function readThread(box: Mailbox, threadId: string, limit: number, cursor: string | undefined): Thread {
  const id = requireNumber(box, "thread", threadId);
  const after = requireCursor(box, cursor);
  const rows = box.db
    .select()
    .from(message)
    .where(and(eq(message.thread_id, id), after === undefined ? undefined : gt(message.id, after)))
    .orderBy(asc(message.id))
    .limit(limit + 1)
    .all();
  if (rows.length === 0 && after === undefined) throw notFound("thread");
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    id: threadIdOf(box, id),
    user_id: box.user_id,
    messages: shown.map((row) => summaryOf(box, row)),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(box, last.id) : null,
  };
}

export function requireMessage(box: Mailbox, id: string): MessageRow {
  const row = box.db.select().from(message).where(eq(message.id, requireNumber(box, "message", id))).get();
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
    message: { ...detailOf(box, row), submission_id: sent ? submissionIdOf(box, sent.id) : null },
    body: stored ? { text: stored.text, html: stored.html } : null,
    raw: rawOf(row),
  };
}

export function rawOf(row: MessageRow): RawMessage {
  return { raw_key: row.raw_key, added_fields: row.added_fields, size: row.size };
}
