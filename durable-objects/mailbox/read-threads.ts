/** Conversations as their owner sees them: a page of one, and what is said of one in a list. */
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import { MAX_COUNTED_IN_THREAD } from "../../contract/limits.ts";
import type { Thread, ThreadSummary } from "../../contract/messages.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { summaryColumns, summaryOf } from "./message-views.ts";
import { cursorOf, requireCursor, requireNumber, threadIdOf } from "./object-ids.ts";
import { hasMessages, isMuted } from "./threads.ts";

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
    is_muted: isMuted(box.db, id),
    messages: shown.map((row) => summaryOf(box, row)),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(box, last.id) : null,
  };
}

/** What stands beside the message that stands for a thread. Counts end where nobody would count on. */
export function summariesOfThreads(db: MailboxDb, rows: { thread_id: number }[]): Map<number, ThreadSummary> {
  const ids = JSON.stringify(rows.map(({ thread_id }) => thread_id));
  const summaries = selectThreadSummaries(db).all({ ids, most: MAX_COUNTED_IN_THREAD });
  return new Map(summaries.map(({ id, is_muted, ...counts }) => [id, { ...counts, is_muted: is_muted === 1 }]));
}

const selectThreadSummaries = prepared((db) => {
  const most = sql.placeholder("most");
  const newest = sql`SELECT is_read FROM message WHERE thread_id = asked.value ORDER BY id DESC LIMIT ${most}`;
  return db
    .select({
      id: sql<number>`asked.value`,
      total: sql<number>`(SELECT count(*) FROM (SELECT 1 FROM message WHERE thread_id = asked.value LIMIT ${most}))`,
      unread: sql<number>`(SELECT count(*) FROM (${newest}) WHERE is_read = 0)`,
      is_muted: sql<number>`EXISTS (SELECT 1 FROM muted_thread WHERE thread_id = asked.value)`,
    })
    .from(sql`json_each(${sql.placeholder("ids")}) AS asked`)
    .prepare();
});
