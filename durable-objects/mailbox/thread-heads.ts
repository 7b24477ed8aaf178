/**
 * The newest message of each thread in each folder (`folder_thread`): what a list collapsed by thread walks. Part of
 * Placing, which says what enters and leaves a folder before it writes that.
 */
import { and, eq, sql } from "drizzle-orm";
import { folder_thread } from "../../schema/mailbox/tables.ts";
import { type MailboxDb, prepared } from "./mailbox-database.ts";

/** One thread in one folder, while a transaction changes it. */
interface Head {
  folder_id: number;
  thread_id: number;
  /** The newest message before the transaction. */
  before: number | null;
  /** The newest one that entered, 0 when none did. */
  entered: number;
  /** Whether the newest one left: then the next one has to be looked for. */
  hasLeft: boolean;
}

export class ThreadHeads {
  readonly #db: MailboxDb;
  readonly #heads = new Map<string, Head>();

  constructor(db: MailboxDb) {
    this.#db = db;
  }

  /** `isFirst`: the message begins the thread, and there is none before it to be looked for. */
  enter(folderId: number, threadId: number, messageId: number, isFirst = false): void {
    const head = this.#head(folderId, threadId, isFirst);
    head.entered = Math.max(head.entered, messageId);
  }

  leave(folderId: number, threadId: number, messageId: number): void {
    const head = this.#head(folderId, threadId, false);
    if (messageId === head.before || messageId === head.entered) head.hasLeft = true;
  }

  /** All that end first: a message that stood for its own thread may now stand for the one that took that over. */
  settle(): void {
    const changed = [...this.#heads.values()]
      .map((head) => ({ ...head, after: this.#after(head) }))
      .filter(({ before, after }) => after !== before);
    for (const { folder_id, before } of changed) {
      if (before !== null) deleteHead(this.#db).run({ folder_id, message_id: before });
    }
    for (const { folder_id, thread_id, after } of changed) {
      if (after !== null) insertHead(this.#db).run({ folder_id, message_id: after, thread_id });
    }
  }

  #after({ folder_id, thread_id, before, entered, hasLeft }: Head): number | null {
    return hasLeft ? this.#newest(folder_id, thread_id) : Math.max(before ?? 0, entered) || null;
  }

  #head(folderId: number, threadId: number, isFirst: boolean): Head {
    const key = `${folderId} ${threadId}`;
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const before = isFirst ? null : this.#newest(folderId, threadId);
    const head = { folder_id: folderId, thread_id: threadId, before, entered: 0, hasLeft: false };
    this.#heads.set(key, head);
    return head;
  }

  #newest(folderId: number, threadId: number): number | null {
    return selectNewest(this.#db).get({ folder_id: folderId, thread_id: threadId })?.id ?? null;
  }
}

/** A thread's messages, newest first, up to the first one that is in the folder. */
const selectNewest = prepared((db) => {
  const newest = sql<number | null>`(
    SELECT m.id FROM message m CROSS JOIN folder_message p
    WHERE m.thread_id = ${sql.placeholder("thread_id")} AND p.folder_id = ${sql.placeholder("folder_id")}
      AND p.message_id = m.id ORDER BY m.id DESC LIMIT 1)`;
  return db.select({ id: newest }).from(sql`(SELECT 1)`).prepare();
});
const deleteHead = prepared((db) =>
  db
    .delete(folder_thread)
    .where(
      and(
        eq(folder_thread.folder_id, sql.placeholder("folder_id")),
        eq(folder_thread.message_id, sql.placeholder("message_id")),
      ),
    )
    .prepare(),
);
const insertHead = prepared((db) =>
  db
    .insert(folder_thread)
    .values({
      folder_id: sql.placeholder("folder_id"),
      message_id: sql.placeholder("message_id"),
      thread_id: sql.placeholder("thread_id"),
    })
    .prepare(),
);
