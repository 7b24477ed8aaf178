/** Snoozed messages come back: by the alarm when it is time, and with their conversation when that goes on. */
import { and, asc, eq, isNotNull, lte, min, type SQL } from "drizzle-orm";
import { message } from "../../schema/mailbox/tables.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { Placing } from "./placement.ts";
import { type HeldMessage, heldColumns } from "./read-messages.ts";
import { intoInbox, NEW } from "./snooze.ts";
import { change } from "./update-messages.ts";

/** Messages that one ring of the alarm brings back. The next one follows at once. */
const AT_ONCE = 200;
/** Where bringing back fails, the alarm must not ring without end. */
const RETRY_MS = 1_000;

/** When the alarm is to ring for the first of them. */
export function nextWake(db: MailboxDb, now: number): number {
  const { at } = selectNext(db).get() ?? { at: null };
  return at === null ? Infinity : Math.max(at, now + RETRY_MS);
}

const isSnoozed = isNotNull(message.snoozed_until);
const selectNext = prepared((db) =>
  db
    .select({ at: min(message.snoozed_until) })
    .from(message)
    .where(isSnoozed)
    .prepare(),
);

/** Those whose time has come: unread in the inbox, and marked. */
export function wakeDue({ db }: Mailbox, now: number): void {
  const isDue = and(isSnoozed, lte(message.snoozed_until, now));
  wake(db, isDue, ({ keywords, ...row }) => ({
    folder_ids: intoInbox(row),
    is_read: false,
    keywords: [...new Set([...keywords, NEW])],
  }));
}

/** The conversation went on: what is snoozed of it comes back into the inbox beside the message that is new. */
export function wakeThread({ db }: Mailbox, threadId: number): void {
  wake(db, and(isSnoozed, eq(message.thread_id, threadId)), (row) => ({ folder_ids: intoInbox(row) }));
}

/** Its owner wants to hear no more of the conversation: nothing of it comes back. */
export function endSnoozes(db: MailboxDb, threadId: number): void {
  wake(db, and(isSnoozed, eq(message.thread_id, threadId)), () => ({}));
}

type Woken = (row: HeldMessage) => Partial<Pick<HeldMessage, "folder_ids" | "is_read" | "keywords">>;

/** Looks through the index of what is snoozed (message_snoozed), of which there is little. */
function wake(db: MailboxDb, which: SQL | undefined, woken: Woken): void {
  db.transaction(() => {
    const rows = db
      .select(heldColumns)
      .from(message)
      .where(which)
      .orderBy(asc(message.snoozed_until))
      .limit(AT_ONCE)
      .all();
    if (rows.length === 0) return;
    const placing = new Placing(db);
    let modseq = 0;
    for (const row of rows) modseq = change(db, row, { ...woken(row), snoozed_until: null }, placing) ?? modseq;
    placing.settle(modseq);
  });
}
