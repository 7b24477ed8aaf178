/** When a submission is due next, who is tried then, and whose it is meanwhile. What the modules of the outbox share. */
import { eq } from "drizzle-orm";
import { released, submission } from "../../schema/mailbox/tables.ts";
import type { MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { openRecipients, type RecipientRow, unreported } from "./recipient-states.ts";
import type { RetrySchedule } from "./retry-schedule.ts";

/** A queue message that brought no result in this time is taken for lost. */
export const QUEUED_FOR_MS = 60_000;
/** Stands in place of a lease while the queue has the submission: whoever brings its message may take it. */
export const ON_QUEUE = "queue";

export const isNobodys = ({ lease }: SubmissionRow): boolean => lease === null || lease === ON_QUEUE;

export const findSubmission = (db: MailboxDb, id: number): SubmissionRow | undefined =>
  db.select().from(submission).where(eq(submission.id, id)).get();

/** Recipients of a bulk message that are worked on under one lease: a consumer that dies leaves few in doubt. */
const BULK_AT_ONCE = 50;

/** Its turn has not come yet since the message was to leave. */
const isUntried = ({ state, updated_at }: RecipientRow, { created_at, send_at }: SubmissionRow): boolean =>
  state === "queued" && updated_at <= Math.max(created_at, send_at);

/** Whether a bulk message has recipients whose turn has not come. */
export const hasUntried = (db: MailboxDb, row: SubmissionRow): boolean =>
  row.class === "bulk" && openRecipients(db, row.id).some((one) => isUntried(one, row));

/**
 * Who is to be tried now: everyone open but the uncertain ones whose last server may still be at it. Of a bulk message,
 * of which each copy is a transaction, a few at a time, and those first whose turn has not come.
 */
export function readyRecipients(db: MailboxDb, row: SubmissionRow, schedule: RetrySchedule, now: number): string[] {
  const isReady = (one: RecipientRow) =>
    one.state !== "uncertain" || schedule.certainAt(one.uncertain_attempts, one.updated_at) <= now;
  const ready = openRecipients(db, row.id).filter(isReady);
  const untried = row.class === "bulk" ? ready.filter((one) => isUntried(one, row)) : [];
  const chosen = untried.length > 0 ? untried : ready;
  return (row.class === "bulk" ? chosen.slice(0, BULK_AT_ONCE) : chosen).map(({ email }) => email);
}

/**
 * Sets when the submission is due next: at `retryAt` for who is still open, later for who is uncertain, soon for an unmade
 * report, or never again.
 */
export function settle(
  db: MailboxDb,
  row: SubmissionRow,
  retryAt: number | null,
  schedule: RetrySchedule,
  now: number,
): void {
  const times = openRecipients(db, row.id).flatMap((one) => {
    if (one.state !== "uncertain") return retryAt ?? [];
    return schedule.certainAt(one.uncertain_attempts, one.updated_at);
  });
  if (times.length === 0) {
    // The consumer makes the report right away; only if it dies is the submission due for it.
    end(db, row, now + QUEUED_FOR_MS);
    return;
  }
  const lease = isNobodys(row) ? row.lease : null;
  const next_attempt_at = Math.max(Math.min(...times), now);
  db.update(submission).set({ lease, next_attempt_at }).where(eq(submission.id, row.id)).run();
}

/** Something about its recipients changed beside the outbox (a report came): where nobody is open, it is at its end. */
export function resettle(db: MailboxDb, id: number, now: number): void {
  const row = findSubmission(db, id);
  if (row && isNobodys(row) && openRecipients(db, id).length === 0) end(db, row, now);
}

/** Nobody is left to send to. `reportAt`: when what nobody was told of yet is to be told. */
function end(db: MailboxDb, row: SubmissionRow, reportAt: number): void {
  const next_attempt_at = unreported(db, row.id).length > 0 ? reportAt : null;
  db.update(submission).set({ lease: null, next_attempt_at }).where(eq(submission.id, row.id)).run();
  // A copy in Sent keeps its bytes; those of a forward have done their work.
  if (next_attempt_at === null && row.message_id === null) {
    db.insert(released).values({ raw_key: row.raw_key }).onConflictDoNothing().run();
  }
}
