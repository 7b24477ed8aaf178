/**
 * Which folders a message is in, and all that follows from it: counts and sizes, the newest message of each thread in
 * each folder, what takes the room. The only code that writes `folder_message`, `unread`, `folder_thread`, `usage`,
 * `message.folder_ids` and the counts, so that they cannot drift apart.
 *
 * A `Placing` lives for one transaction: messages are placed, displaced and replaced through it, and `settle` writes
 * what it comes to, one row for each folder however many messages moved.
 */
import { and, eq, sql } from "drizzle-orm";
import { discarded, folder, folder_message, message, unread } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";
import { ThreadHeads } from "./thread-heads.ts";
import { UsageTally } from "./usage.ts";

type Placed = Pick<MessageRow, "id" | "thread_id" | "folder_ids" | "is_read" | "is_flagged" | "size">;
type Kept = Placed & Pick<MessageRow, "attachments">;

interface Counts {
  total: number;
  unread: number;
  size: number;
}

export class Placing {
  readonly #db: MailboxDb;
  readonly #counts = new Map<number, Counts>();
  readonly #heads: ThreadHeads;
  readonly #usage = new UsageTally();

  constructor(db: MailboxDb) {
    this.#db = db;
    this.#heads = new ThreadHeads(db);
  }

  /** A message that is new in the mailbox; its row is written by the caller. */
  place(row: Kept): void {
    const isFirst = row.id === row.thread_id;
    for (const folder_id of row.folder_ids) this.#putInto(folder_id, row, isFirst);
    this.#discard(row.id, [], row.folder_ids);
    this.#count(row, 1);
    this.#usage.add(row, 1);
  }

  /** A message that leaves the mailbox; its row is deleted by the caller, afterwards. */
  displace(row: Kept): void {
    for (const folder_id of row.folder_ids) this.#takeFrom(folder_id, row);
    this.#discard(row.id, row.folder_ids, []);
    this.#count(row, -1);
    this.#usage.add(row, -1);
  }

  /** A message that moves between folders or changes its flags. Writes its row too. */
  replace(before: Placed, after: Pick<MessageRow, "folder_ids" | "is_read" | "is_flagged">): void {
    const now = { ...before, ...after };
    for (const folder_id of before.folder_ids) {
      if (!now.folder_ids.includes(folder_id)) this.#takeFrom(folder_id, before);
      else if (before.is_read !== now.is_read) this.#markIn(folder_id, now);
    }
    for (const folder_id of now.folder_ids) {
      if (!before.folder_ids.includes(folder_id)) this.#putInto(folder_id, now, false);
    }
    const { id, folder_ids, is_read, is_flagged } = now;
    updatePlaced(this.#db).run({ id, folder_ids, is_read, is_flagged });
    this.#discard(id, before.folder_ids, folder_ids);
    this.#count(before, -1);
    this.#count(now, 1);
  }

  /** A draft that was written on: it is where it was, and weighs something else. Its row is written by the caller. */
  reweigh(before: Kept, after: Kept): void {
    this.#count(before, -1);
    this.#count(after, 1);
    this.#usage.add(before, -1);
    this.#usage.add(after, 1);
  }

  /** A message goes over to another thread, with its folders. Writes its row too. */
  rethread(row: Placed, threadId: number): void {
    for (const folder_id of row.folder_ids) {
      this.#heads.leave(folder_id, row.thread_id, row.id);
      this.#heads.enter(folder_id, threadId, row.id);
    }
    this.#db.update(message).set({ thread_id: threadId }).where(eq(message.id, row.id)).run();
  }

  /** Writes what the placements of this transaction add up to. */
  settle(modseq: number): void {
    this.#heads.settle();
    this.#usage.settle(this.#db);
    for (const [id, { total, unread: open, size }] of this.#counts) {
      if (total === 0 && open === 0 && size === 0) continue;
      addToCounts(this.#db).run({ id, total, unread: open, size, modseq });
    }
  }

  #putInto(folderId: number, row: Placed, isFirst: boolean): void {
    this.#heads.enter(folderId, row.thread_id, row.id, isFirst);
    insertPlace(this.#db).run({ folder_id: folderId, message_id: row.id });
    if (!row.is_read) this.#markIn(folderId, row);
  }

  #takeFrom(folderId: number, row: Placed): void {
    this.#heads.leave(folderId, row.thread_id, row.id);
    deletePlace(this.#db).run({ folder_id: folderId, message_id: row.id });
    deleteUnread(this.#db).run({ folder_id: folderId, message_id: row.id });
  }

  /** Remembers since when a message is in trash or junk, where it goes for good one day: see housekeeping.ts. */
  #discard(message_id: number, before: number[], after: number[]): void {
    const [was, is] = [before.filter(isDiscarding), after.filter(isDiscarding)];
    if (is.some((id) => !was.includes(id))) upsertDiscarded(this.#db).run({ message_id, since: Date.now() });
    else if (is.length === 0 && was.length > 0) deleteDiscarded(this.#db).run({ message_id });
  }

  #markIn(folderId: number, row: Placed): void {
    (row.is_read ? deleteUnread : insertUnread)(this.#db).run({ folder_id: folderId, message_id: row.id });
  }

  #count(row: Placed, sign: 1 | -1): void {
    for (const id of row.folder_ids) this.#add(id, row, sign);
    if (row.is_flagged) this.#add(ROLE_ID.flagged, row, sign);
    // The sum of the folders is too much by this; see `folder` in schema/mailbox/tables.ts.
    const extra = row.folder_ids.length - 1;
    if (extra > 0) this.#add(ROLE_ID.all, row, -sign * extra);
  }

  #add(id: number, row: Placed, times: number): void {
    const counts = this.#counts.get(id) ?? { total: 0, unread: 0, size: 0 };
    counts.total += times;
    counts.size += times * row.size;
    if (!row.is_read) counts.unread += times;
    this.#counts.set(id, counts);
  }
}

const isDiscarding = (folderId: number): boolean => folderId === ROLE_ID.trash || folderId === ROLE_ID.junk;
const upsertDiscarded = prepared((db) =>
  db
    .insert(discarded)
    .values({ message_id: sql.placeholder("message_id"), since: sql.placeholder("since") })
    .onConflictDoUpdate({ target: discarded.message_id, set: { since: sql`excluded.since` } })
    .prepare(),
);
const deleteDiscarded = prepared((db) =>
  db
    .delete(discarded)
    .where(eq(discarded.message_id, sql.placeholder("message_id")))
    .prepare(),
);

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
      size: sql`size + ${sql.placeholder("size")}`,
      modseq: sql`${sql.placeholder("modseq")}`,
    })
    .where(eq(folder.id, sql.placeholder("id")))
    .prepare(),
);
