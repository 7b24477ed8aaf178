/**
 * Which folders a message is in, and the counts that follow. The only code that writes `folder_message`, `unread`,
 * `message.folder_ids` and the counts, so that they cannot drift apart. Every function is part of its caller's
 * transaction; the caller ends it with `applyCounts`.
 */
import { and, eq, sql } from "drizzle-orm";
import { folder, folder_message, message, unread } from "../../schema/mailbox/tables.ts";
import type { MailboxDb, MessageRow } from "./mailbox-database.ts";
import { ROLE_ID } from "./folder-roles.ts";

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
    db.insert(folder_message).values({ folder_id, message_id: row.id }).run();
    if (!row.is_read) db.insert(unread).values({ folder_id, message_id: row.id }).run();
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
      db.insert(folder_message).values({ folder_id, message_id: before.id }).run();
    }
    if (!after.is_read && (before.is_read || !before.folder_ids.includes(folder_id))) {
      db.insert(unread).values({ folder_id, message_id: before.id }).run();
    }
  }
  const { folder_ids, is_read, is_flagged } = after;
  db.update(message).set({ folder_ids, is_read, is_flagged }).where(eq(message.id, before.id)).run();
  count(deltas, before, -1);
  count(deltas, after, 1);
}

function removeFrom(db: MailboxDb, folderId: number, messageId: number): void {
  db.delete(folder_message)
    .where(and(eq(folder_message.folder_id, folderId), eq(folder_message.message_id, messageId)))
    .run();
  removeUnread(db, folderId, messageId);
}

function removeUnread(db: MailboxDb, folderId: number, messageId: number): void {
  db.delete(unread)
    .where(and(eq(unread.folder_id, folderId), eq(unread.message_id, messageId)))
    .run();
}

/** Adds up a transaction's deltas: one row written for each folder whose counts moved, however many messages did. */
export function applyCounts(db: MailboxDb, deltas: CountDeltas, modseq: number): void {
  for (const [id, delta] of deltas) {
    if (delta.total === 0 && delta.unread === 0) continue;
    db.update(folder)
      .set({ total: sql`total + ${delta.total}`, unread: sql`unread + ${delta.unread}`, modseq })
      .where(eq(folder.id, id))
      .run();
  }
}
