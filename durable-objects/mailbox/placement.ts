/**
 * Which folders a message is in, and the counts that follow. The only code that writes `folder_message`, `unread`,
 * `message.folder_ids` and the counts, so that they cannot drift apart. Every function is part of its caller's
 * transaction; the caller ends it with `applyCounts`.
 */
import { and, eq, sql } from "drizzle-orm";
import { folder, folder_message, message, unread } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";

/** What a folder's counts change by. */
export type CountDeltas = Map<number, { total: number; unread: number }>;

type Placed = Pick<MessageRow, "id" | "folder_ids" | "is_read" | "is_flagged">;

/** The folders that count a message: those it is in, and the views that show it. */
function countedIn(row: Placed): number[] {
  return [...row.folder_ids, ROLE_ID.all, ...(row.is_flagged ? [ROLE_ID.flagged] : [])];
}

function count(deltas: CountDeltas, row: Placed, sign: 1 | -1): void {
  for (const id of countedIn(row)) {
    const delta = deltas.get(id) ?? { total: 0, unread: 0 };
    delta.total += sign;
    if (!row.is_read) delta.unread += sign;
    deltas.set(id, delta);
  }
}

/** A message that is new in the mailbox; its row is written by the caller. */
export function place(db: MailboxDb, row: Placed, deltas: CountDeltas): void {
  for (const folder_id of row.folder_ids) {
    insertPlace(db).run({ folder_id, message_id: row.id });
    if (!row.is_read) insertUnread(db).run({ folder_id, message_id: row.id });
  }
  count(deltas, row, 1);
}

/** A message that leaves the mailbox; its row is deleted by the caller. */
export function displace(db: MailboxDb, row: Placed, deltas: CountDeltas): void {
  for (const folder_id of row.folder_ids) removeFrom(db, folder_id, row.id);
  count(deltas, row, -1);
}

/** A message that moves between folders or changes its flags. Writes its row too. */
export function replace(db: MailboxDb, before: MessageRow, after: Placed, deltas: CountDeltas): void {
  for (const folder_id of before.folder_ids) {
    if (!after.folder_ids.includes(folder_id)) removeFrom(db, folder_id, before.id);
    else if (!before.is_read && after.is_read) removeUnread(db, folder_id, before.id);
  }
  for (const folder_id of after.folder_ids) {
    if (!before.folder_ids.includes(folder_id)) {
      insertPlace(db).run({ folder_id, message_id: before.id });
    }
    if (!after.is_read && (before.is_read || !before.folder_ids.includes(folder_id))) {
      insertUnread(db).run({ folder_id, message_id: before.id });
    }
  }
  const { folder_ids, is_read, is_flagged } = after;
  updatePlaced(db).run({ id: before.id, folder_ids, is_read, is_flagged });
  count(deltas, before, -1);
  count(deltas, after, 1);
}

function removeFrom(db: MailboxDb, folderId: number, messageId: number): void {
  deletePlace(db).run({ folder_id: folderId, message_id: messageId });
  removeUnread(db, folderId, messageId);
}

function removeUnread(db: MailboxDb, folderId: number, messageId: number): void {
  deleteUnread(db).run({ folder_id: folderId, message_id: messageId });
}

/** Adds up a transaction's deltas: one row written for each folder whose counts moved, however many messages did. */
export function applyCounts(db: MailboxDb, deltas: CountDeltas, modseq: number): void {
  for (const [id, delta] of deltas) {
    if (delta.total === 0 && delta.unread === 0) continue;
    addToCounts(db).run({ id, total: delta.total, unread: delta.unread, modseq });
  }
}

const ids = { folder_id: sql.placeholder("folder_id"), message_id: sql.placeholder("message_id") };
const insertPlace = prepared((db) => db.insert(folder_message).values(ids).prepare());
const insertUnread = prepared((db) => db.insert(unread).values(ids).prepare());
const deletePlace = prepared((db) =>
  db
    .delete(folder_message)
    .where(and(eq(folder_message.folder_id, ids.folder_id), eq(folder_message.message_id, ids.message_id)))
    .prepare(),
);
const deleteUnread = prepared((db) =>
  db
    .delete(unread)
    .where(and(eq(unread.folder_id, ids.folder_id), eq(unread.message_id, ids.message_id)))
    .prepare(),
);
const updatePlaced = prepared((db) =>
  db
    .update(message)
    .set({
      folder_ids: sql`${sql.param(sql.placeholder("folder_ids"), message.folder_ids)}`,
      is_read: sql`${sql.param(sql.placeholder("is_read"), message.is_read)}`,
      is_flagged: sql`${sql.param(sql.placeholder("is_flagged"), message.is_flagged)}`,
    })
    .where(eq(message.id, sql.placeholder("id")))
    .prepare(),
);
const addToCounts = prepared((db) =>
  db
    .update(folder)
    .set({
      total: sql`total + ${sql.placeholder("total")}`,
      unread: sql`unread + ${sql.placeholder("unread")}`,
      modseq: sql`${sql.placeholder("modseq")}`,
    })
    .where(eq(folder.id, sql.placeholder("id")))
    .prepare(),
);
