/** Lists: every one is a range of a key that is walked newest first and ends with the page. */
import { and, desc, eq, gt, lt, type SQL, sql } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import type { ListMessages, MessagePage } from "../../contract/messages.ts";
import { folder, folder_message, folder_thread, message, unread } from "../../schema/mailbox/tables.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { requireCursor, requireNumber } from "./object-ids.ts";
import { pageOf } from "./read-messages.ts";

export function listMessages(box: Mailbox, folderId: string, asked: ListMessages): MessagePage {
  const { limit, cursor, is_read, collapse } = asked;
  const id = requireNumber(box, "folder", folderId);
  if (selectFolder(box.db).get({ id }) === undefined) throw notFound("folder");
  const before = requireCursor(box, cursor) ?? Number.MAX_SAFE_INTEGER;
  const isCollapsed = collapse === "thread";
  const found = (isCollapsed ? collapsedIdsIn : idsIn)(box.db, id, before, is_read, limit + 1);
  return pageOf(box, found, limit, isCollapsed);
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

/** Of each thread the newest message that the list would show. A folder's own list has them as a key of its own. */
function collapsedIdsIn(db: MailboxDb, folderId: number, before: number, isRead: boolean | undefined, limit: number) {
  if (!isView(folderId) && isRead === undefined)
    return ids(selectHeads(db).all({ folder_id: folderId, before, limit }));
  const state = isRead === undefined ? sql`1` : sql`m.is_read = ${Number(isRead)}`;
  const newerState = isRead === undefined ? sql`1` : sql`n.is_read = ${Number(isRead)}`;
  const { from, isShown, isNewerShown } = sourceOf(folderId, isRead);
  return ids(
    db.all<{ id: number }>(sql`SELECT m.id AS id FROM ${from}
      WHERE m.id < ${sql.raw(before.toFixed(0))} AND ${isShown} AND ${state} AND NOT EXISTS (
        SELECT 1 FROM message n WHERE n.thread_id = m.thread_id AND n.id > m.id AND ${isNewerShown} AND ${newerState})
      ORDER BY m.id DESC LIMIT ${limit}`),
  );
}

/** What is walked for a list without a key of its own, and which newer message would stand for the thread instead. */
function sourceOf(folderId: number, isRead: boolean | undefined): { from: SQL; isShown: SQL; isNewerShown: SQL } {
  if (folderId === ROLE_ID.all) return { from: sql`message m`, isShown: sql`1`, isNewerShown: sql`1` };
  if (folderId === ROLE_ID.flagged) {
    return { from: sql`message m`, isShown: sql`m.is_flagged = 1`, isNewerShown: sql`n.is_flagged = 1` };
  }
  const id = sql.raw(folderId.toFixed(0));
  const walked = sql.raw(isRead === false ? "unread" : "folder_message");
  return {
    from: sql`${walked} s CROSS JOIN message m ON m.id = s.message_id`,
    isShown: sql`s.folder_id = ${id}`,
    isNewerShown: sql`EXISTS (SELECT 1 FROM folder_message p WHERE p.folder_id = ${id} AND p.message_id = n.id)`,
  };
}

const selectHeads = prepared((db) =>
  db
    .select({ id: folder_thread.message_id })
    .from(folder_thread)
    .where(
      and(
        eq(folder_thread.folder_id, sql.placeholder("folder_id")),
        lt(folder_thread.message_id, sql.placeholder("before")),
      ),
    )
    .orderBy(desc(folder_thread.message_id))
    .limit(sql.placeholder("limit"))
    .prepare(),
);
