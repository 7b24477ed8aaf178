/** Submissions as their owner sees them: one with all that is known of each recipient, and lists of them. */
import { and, desc, eq, isNotNull, lt, sql } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import { MAX_LISTED_RECIPIENTS } from "../../contract/limits.ts";
import type {
  ListSubmissions,
  RecipientState,
  Submission,
  SubmissionPage,
  SubmissionRecipient,
} from "../../contract/submissions.ts";
import { submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";
import { findSubmission, isNobodys } from "./next-attempt.ts";
import { cursorOf, messageIdOf, requireCursor, requireNumber, submissionIdOf } from "./object-ids.ts";
import type { RecipientRow } from "./recipient-states.ts";

/** From still open to final; a submission is where its least final recipient is. */
const BY_FINALITY: RecipientState[] = [
  "sending",
  "queued",
  "deferred",
  "uncertain",
  "failed",
  "cancelled",
  "sent",
  "delivered",
];

export function readSubmission(box: Mailbox, submissionId: string): Submission {
  const row = requireSubmission(box, submissionId);
  const recipients = box.db
    .select()
    .from(submission_recipient)
    .where(eq(submission_recipient.submission_id, row.id))
    .all();
  return viewOf(box, row, new Map(recipients.map(({ state }) => [state, 1])), recipients.length, recipients);
}

/** Submissions that a page of failed ones looks through at most: where hardly any failed, it is short and has a cursor. */
const LOOKED_THROUGH = 1000;

/**
 * Newest first. What is open is read from the index of what is due: it costs what waits, not what was ever sent. What
 * failed is looked for from the newest on, so many at a time.
 */
export function listSubmissions(box: Mailbox, { state, limit, cursor }: ListSubmissions): SubmissionPage {
  const before = requireCursor(box, cursor);
  const found = FINDERS[state](box.db, before, limit);
  const submissions = found.rows.map((row) => {
    const isOf = eq(submission_recipient.submission_id, row.id);
    const listed = box.db.select().from(submission_recipient).where(isOf).limit(MAX_LISTED_RECIPIENTS).all();
    const counted = box.db
      .select({ state: submission_recipient.state, n: sql<number>`count(*)` })
      .from(submission_recipient)
      .where(isOf)
      .groupBy(submission_recipient.state)
      .all();
    const total = counted.reduce((sum, { n }) => sum + n, 0);
    return viewOf(box, row, new Map(counted.map((one) => [one.state, one.n])), total, listed);
  });
  return { submissions, next_cursor: found.next === null ? null : cursorOf(box, found.next) };
}

interface Found {
  rows: SubmissionRow[];
  /** The id that the next page goes on behind, or null. */
  next: number | null;
}

function openBefore(db: MailboxDb, before: number | undefined, limit: number): Found {
  // With the plus signs SQLite reads the index of what is due; without them it walks through all that was ever sent.
  const isBefore = before === undefined ? undefined : sql`+${submission.id} < ${before}`;
  const isOpen = and(isNotNull(submission.next_attempt_at), isBefore);
  return pageOf(
    db
      .select()
      .from(submission)
      .where(isOpen)
      .orderBy(sql`+${submission.id} DESC`)
      .limit(limit + 1)
      .all(),
    limit,
  );
}

function anyBefore(db: MailboxDb, before: number | undefined, limit: number): Found {
  return pageOf(
    db
      .select()
      .from(submission)
      .where(isBefore(before))
      .orderBy(desc(submission.id))
      .limit(limit + 1)
      .all(),
    limit,
  );
}

/** One row more than the page was asked for. */
function pageOf(rows: SubmissionRow[], limit: number): Found {
  return { rows: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null };
}

function failedBefore(db: MailboxDb, before: number | undefined, limit: number): Found {
  const hasFailed = sql<number>`EXISTS (SELECT 1 FROM submission_recipient r
    WHERE r.submission_id = submission.id AND r.state = 'failed')`;
  const seen = db
    .select({ id: submission.id, has_failed: hasFailed })
    .from(submission)
    .where(isBefore(before))
    .orderBy(desc(submission.id))
    .limit(LOOKED_THROUGH)
    .all();
  const failed = seen.filter(({ has_failed }) => has_failed === 1).slice(0, limit);
  const rows = failed.flatMap(({ id }) => findSubmission(db, id) ?? []);
  if (rows.length === limit) return { rows, next: failed.at(-1)?.id ?? null };
  return { rows, next: seen.length === LOOKED_THROUGH ? (seen.at(-1)?.id ?? null) : null };
}

const FINDERS = { open: openBefore, failed: failedBefore, all: anyBefore };

const isBefore = (before: number | undefined) => (before === undefined ? undefined : lt(submission.id, before));

function viewOf(
  box: Mailbox,
  row: SubmissionRow,
  states: ReadonlyMap<RecipientState, number>,
  recipient_count: number,
  recipients: RecipientRow[],
): Submission {
  return {
    id: submissionIdOf(box, row.id),
    user_id: box.user_id,
    class: row.class,
    message_id: row.message_id === null ? null : messageIdOf(box, row.message_id),
    state: BY_FINALITY.find((state) => states.has(state)) ?? "cancelled",
    created_at: isoTime(row.created_at),
    send_at: isoTime(row.send_at),
    attempts: row.attempts,
    next_attempt_at: timeOrNull(row.next_attempt_at),
    can_undo: canUndo(row),
    recipient_count,
    recipients: recipients.map(recipientView),
  };
}

const recipientView = (row: RecipientRow): SubmissionRecipient => ({
  email: row.email,
  state: row.state,
  status: row.status,
  reply: row.reply,
  remote_mta: row.remote_mta,
  attempts: row.attempts,
  attempted_at: timeOrNull(row.attempted_at),
  uncertain_attempts: row.uncertain_attempts,
  transport: row.transport,
  complained_at: timeOrNull(row.complained_at),
  updated_at: isoTime(row.updated_at),
});

const timeOrNull = (time: number | null): string | null => (time === null ? null : isoTime(time));

export function requireSubmission(box: Mailbox, submissionId: string): SubmissionRow {
  const row = findSubmission(box.db, requireNumber(box, "submission", submissionId));
  if (row === undefined) throw notFound("submission");
  return row;
}

/** Nobody has it yet to send it, be it on the queue or past its time. */
export function canUndo(row: SubmissionRow): boolean {
  return row.attempts === 0 && row.next_attempt_at !== null && isNobodys(row);
}
