/** Threads that their owner wants to hear no more of. */
import { eq } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import { message, muted_thread } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { requireNumber } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { heldColumns } from "./read-messages.ts";
import { outOfInbox } from "./snooze.ts";
import { hasMessages, isMuted } from "./threads.ts";
import { change } from "./update-messages.ts";
import { endSnoozes } from "./wake.ts";

/** Muted, a thread leaves the inbox, read; what comes for it later does not enter there: see new-message.ts. */
export function setMuted(box: Mailbox, threadId: string, wanted: boolean): void {
  const id = requireNumber(box, "thread", threadId);
  box.db.transaction(() => {
    if (!hasMessages(box.db, id)) throw notFound("thread");
    if (isMuted(box.db, id) === wanted) return;
    if (wanted) box.db.insert(muted_thread).values({ thread_id: id }).run();
    else box.db.delete(muted_thread).where(eq(muted_thread.thread_id, id)).run();
    const modseq = recordChange(box.db, "thread", id, "changed");
    if (wanted) archive(box.db, id, modseq);
    if (wanted) endSnoozes(box.db, id);
  });
}

function archive(db: MailboxDb, threadId: number, modseq: number): void {
  const placing = new Placing(db);
  let last = modseq;
  for (const row of db.select(heldColumns).from(message).where(eq(message.thread_id, threadId)).all()) {
    if (!row.folder_ids.includes(ROLE_ID.inbox)) continue;
    last = change(db, row, { folder_ids: outOfInbox(row), is_read: true }, placing) ?? last;
  }
  placing.settle(last);
}
