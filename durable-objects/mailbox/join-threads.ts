/**
 * Conversations whose messages came in another order than they were written. A message that began a conversation of its
 * own is asked once more where it belongs, by the same rule as at its delivery; what gathered behind it goes with it.
 */
import { and, asc, eq, gte, sql } from "drizzle-orm";
import { message } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { findThread } from "./threads.ts";

/** Messages that one call looks at. */
const PAGE = 500;

/** Looks at the first ones from an id on. Returns the id to go on from, or null at the end. */
export function joinThreads(box: Mailbox, from: number): number | null {
  const rows = box.db
    .select()
    .from(message)
    .where(and(gte(message.id, from), beganThread, refersToSomething))
    .orderBy(asc(message.id))
    .limit(PAGE)
    .all();
  for (const row of rows) {
    const thread = findThread(
      box,
      row,
      isOwners(row.folder_ids) || row.delivered_to.length > 0 ? row.delivered_to : [box.email],
    );
    if (thread !== null && thread !== row.thread_id) moveThread(box, row.thread_id, thread);
  }
  const last = rows.at(-1);
  return rows.length < PAGE || last === undefined ? null : last.id + 1;
}

const beganThread = eq(message.thread_id, message.id);
const refersToSomething = sql`(${message.in_reply_to} IS NOT NULL OR ${message.references} <> '[]')`;

/** What lies in Sent or Drafts was written by the owner. */
export const isOwners = (folderIds: number[]): boolean =>
  folderIds.includes(ROLE_ID.sent) || folderIds.includes(ROLE_ID.drafts);

function moveThread({ db }: Mailbox, from: number, to: number): void {
  const moved = db
    .update(message)
    .set({ thread_id: to })
    .where(eq(message.thread_id, from))
    .returning({ id: message.id })
    .all();
  if (moved.length === 0) return;
  for (const { id } of moved) recordChange(db, "message", id, "changed");
  recordChange(db, "thread", from, "destroyed");
  recordChange(db, "thread", to, "changed");
}
