/** Lists, threads and single messages. Every list is a key range that stops at the page's end. */
import { and, asc, desc, eq, gt, lt, type SQL, sql } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import type { ListMessages, MessagePage, Thread } from "../../contract/messages.ts";
import { body, folder, folder_message, message, submission, unread } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { type Mailbox, type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";
import { detailOf, type MessageWithoutBody, summaryColumns, summaryOf } from "./message-views.ts";
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
  const rows = new Map(
    selectSummaries(box.db)
      .all({ ids: JSON.stringify(shown) })
      .map((row) => [row.id, row]),
  );
  return {
    messages: shown.flatMap((id) => rows.get(id) ?? []).map((row) => summaryOf(box, row)),
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

export function listMessages(box: Mailbox, folderId: string, { limit, cursor, is_read }: ListMessages): MessagePage {
  const id = requireNumber(box, "folder", folderId);
  if (selectFolder(box.db).get({ id }) === undefined) throw notFound("folder");
  const before = requireCursor(box, cursor) ?? Number.MAX_SAFE_INTEGER;
  return pageOf(box, idsIn(box.db, id, before, is_read, limit + 1), limit);
}

const selectFolder = prepared((db) =>
  db
    .select({ id: folder.id })
    .from(folder)
    .where(eq(folder.id, sql.placeholder("id")))
    .prepare(),
);

function idsIn(db: MailboxDb, folderId: number, before: number, isRead: boolean | undefined, limit: number): number[] {
  const range = { folder_id: folderId, before, limit };
  if (folderId === ROLE_ID.all && isRead === false) return unreadAnywhere(db, before, limit);
  if (folderId === ROLE_ID.all || folderId === ROLE_ID.flagged) return idsInView(db, folderId, before, isRead, limit);
  if (isRead === false) return ids(selectUnread(db).all(range));
  return ids((isRead === true ? selectRead : selectPlaced)(db).all(range));
}

/** The two scans that lists are: a primary key, from a place in time downwards, up to the page's end. */
const selectPlaced = prepared((db) => placedBefore(db, undefined).prepare());
const selectRead = prepared((db) =>
  placedBefore(
    db,
    sql`NOT EXISTS (SELECT 1 FROM unread u
      WHERE u.folder_id = ${folder_message.folder_id} AND u.message_id = ${folder_message.message_id})`,
  ).prepare(),
);
const selectUnread = prepared((db) =>
  db
    .select({ id: unread.message_id })
    .from(unread)
    .where(and(eq(unread.folder_id, sql.placeholder("folder_id")), lt(unread.message_id, sql.placeholder("before"))))
    .orderBy(desc(unread.message_id))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

function placedBefore(db: MailboxDb, condition: SQL | undefined) {
  const { folder_id, message_id } = folder_message;
  return db
    .select({ id: message_id })
    .from(folder_message)
    .where(and(eq(folder_id, sql.placeholder("folder_id")), lt(message_id, sql.placeholder("before")), condition))
    .orderBy(desc(message_id))
    .limit(sql.placeholder("limit"));
}

/** `all` walks the rowid, `flagged` the partial index message_flagged. */
function idsInView(db: MailboxDb, view: number, before: number, isRead: boolean | undefined, limit: number): number[] {
  const isShown = view === ROLE_ID.flagged ? sql`is_flagged = 1` : undefined;
  const hasState = isRead === undefined ? undefined : eq(message.is_read, isRead);
  const found = db
    .select({ id: message.id })
    .from(message)
    .where(and(isShown, lt(message.id, before), hasState));
  return ids(found.orderBy(desc(message.id)).limit(limit).all());
}

/** The newest unread of every folder, merged: a few short scans instead of one over all messages. */
function unreadAnywhere(db: MailboxDb, before: number, limit: number): number[] {
  const folders = db.select({ id: folder.id }).from(folder).where(gt(folder.unread, 0)).all();
  const newest = folders.flatMap(({ id }) => ids(selectUnread(db).all({ folder_id: id, before, limit })));
  return [...new Set(newest)].sort((a, b) => b - a).slice(0, limit);
}

const ids = (rows: { id: number }[]): number[] => rows.map((row) => row.id);

/** A thread, oldest first. */
export function readThread(box: Mailbox, threadId: string, limit: number, cursor: string | undefined): Thread {
  const id = requireNumber(box, "thread", threadId);
  const after = requireCursor(box, cursor);
  const rows = box.db
    .select(summaryColumns)
    .from(message)
    .where(and(eq(message.thread_id, id), after === undefined ? undefined : gt(message.id, after)))
    .orderBy(asc(message.id))
    .limit(limit + 1)
    .all();
  // After its last message a thread is an empty page; one that is not here is not found, whatever the cursor.
  if (rows.length === 0 && (after === undefined || !hasMessages(box.db, id))) throw notFound("thread");
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    id: threadIdOf(box, id),
    user_id: box.user_id,
    messages: shown.map((row) => summaryOf(box, row)),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(box, last.id) : null,
  };
}

function hasMessages(db: MailboxDb, threadId: number): boolean {
  return (
    db.select({ id: message.id }).from(message).where(eq(message.thread_id, threadId)).limit(1).get() !== undefined
  );
}

export function requireMessage(box: Mailbox, id: string): MessageRow {
  const row = box.db
    .select()
    .from(message)
    .where(eq(message.id, requireNumber(box, "message", id)))
    .get();
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
