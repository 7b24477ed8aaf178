/**
 * The transactional outbox: what is due is handed to the queue by the alarm, worked on under a lease, and due again
 * until every recipient has a final state.
 *
 * The queue may lose or repeat, so it carries no truth. A submission stays due (a little later) while it is in the
 * queue; a consumer must take the lease first, which turns away repeats; a lease that its consumer stopped renewing
 * runs out. A permanent failure keeps the submission due until its report is in the sender's hands.
 */
import { and, asc, eq, inArray, isNotNull, lte, min } from "drizzle-orm";
import { fingerprint, message, submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { RETRY_FOR_MS, type RetrySchedule } from "./retry-schedule.ts";
import { addSubmission } from "./submissions.ts";

/** How long a lease holds without being renewed. */
const LEASE_MS = 90_000;
/** A queue message that brought no result in this time is taken for lost. */
const QUEUED_FOR_MS = 60_000;

/** Submissions whose time has come. Their next one is set as if the queue had lost them. Called by the alarm. */
export function takeDue(db: MailboxDb, now: number): number[] {
  const due = db
    .select({ id: submission.id })
    .from(submission)
    .where(and(isNotNull(submission.next_attempt_at), lte(submission.next_attempt_at, now)))
    .orderBy(asc(submission.next_attempt_at))
    .limit(100)
    .all();
  for (const { id } of due) {
    // A lease that is still held has moved next_attempt_at past it: what is due here has none, or a dead one.
    db.update(submission)
      .set({ lease: null, next_attempt_at: now + QUEUED_FOR_MS })
      .where(eq(submission.id, id))
      .run();
  }
  return due.map(({ id }) => id);
}

export type Relayed = Parameters<typeof addSubmission>[1];

/** A submission without a copy in Sent. Its name is remembered like a delivery's fingerprint, for the same seven days. */
export function relay(box: Mailbox, name: string, relayed: Relayed, now: number): "queued" | "repeat" {
  return box.db.transaction(() => {
    if (box.db.select().from(fingerprint).where(eq(fingerprint.hash, name)).get()) return "repeat";
    const { id } = addSubmission(box, relayed, now);
    box.db.insert(fingerprint).values({ hash: name, message_id: id }).run();
    return "queued";
  });
}

/** When the alarm must ring next for the outbox, or null. */
export function nextDue(db: MailboxDb): number | null {
  return (
    db
      .select({ at: min(submission.next_attempt_at) })
      .from(submission)
      .where(isNotNull(submission.next_attempt_at))
      .get()?.at ?? null
  );
}

/** What a consumer works on. */
export interface Lease {
  submission_id: number;
  lease: string;
  raw_key: string;
  mail_from: string;
  report_to: SubmissionRow["report_to"];
  /** When the message was handed in, for the report. */
  created_at: number;
  /** Recipients to try now. */
  rcpt_to: string[];
  /** Failures of an earlier try that nobody was told of yet. */
  unreported: FailedRecipient[];
}

export interface FailedRecipient {
  address: string;
  status: string;
  reply: string;
  remote_mta: string | null;
}

const OPEN = ["queued", "sending", "deferred", "uncertain"] as const;

/** Takes the lease, or null: somebody has it, nothing is left to do, or its time has not come (it was undone, say). */
export function claim(box: Mailbox, id: number, lease: string, now: number): Lease | null {
  return box.db.transaction(() => {
    const row = box.db.select().from(submission).where(eq(submission.id, id)).get();
    if (row === undefined || row.next_attempt_at === null || now < row.send_at) return null;
    const isHeld = row.lease !== null && row.next_attempt_at > now;
    if (isHeld) return null;
    const open = openRecipients(box.db, id);
    box.db
      .update(submission)
      .set({ lease, next_attempt_at: now + LEASE_MS, attempts: row.attempts + (open.length > 0 ? 1 : 0) })
      .where(eq(submission.id, id))
      .run();
    setStates(box.db, id, open, { state: "sending", updated_at: now });
    recordChange(box.db, "submission", id, "changed");
    const { raw_key, mail_from, report_to, created_at } = row;
    return {
      submission_id: id,
      lease,
      raw_key,
      mail_from,
      report_to,
      created_at,
      rcpt_to: open,
      unreported: unreported(box.db, id),
    };
  });
}

/** The consumer is still at it. False: the lease was lost, and somebody else may be working. */
export function renew(db: MailboxDb, id: number, lease: string, now: number): boolean {
  const held = db
    .update(submission)
    .set({ next_attempt_at: now + LEASE_MS })
    .where(and(eq(submission.id, id), eq(submission.lease, lease)))
    .returning({ id: submission.id })
    .all();
  return held.length > 0;
}

export interface RecipientReport extends FailedRecipient {
  result: "sent" | "delivered" | "deferred" | "failed" | "uncertain";
}

/** Writes what happened to each recipient and gives the lease back. Returns the failures to report. */
export function report(
  box: Mailbox,
  id: number,
  lease: string,
  results: RecipientReport[],
  schedule: RetrySchedule,
  now: number,
): FailedRecipient[] {
  return box.db.transaction(() => {
    const held = and(eq(submission.id, id), eq(submission.lease, lease));
    const row = box.db.select().from(submission).where(held).get();
    // What a consumer reports happened, even if its lease ran out meanwhile: the truth is written either way.
    for (const { address, result, status, reply, remote_mta } of results) {
      const isOpen = result === "deferred" || result === "uncertain";
      const state = isOpen && isExpired(box.db, id, now) ? "failed" : result;
      setStates(box.db, id, [address], { state, status, reply, remote_mta, updated_at: now });
    }
    recordChange(box.db, "submission", id, "changed");
    if (row) settle(box.db, row, schedule, now);
    return unreported(box.db, id);
  });
}

/** The conversation of the message that was sent, for the report about it. */
export function threadOf(db: MailboxDb, id: number): number | null {
  const row = db
    .select({ thread_id: message.thread_id })
    .from(submission)
    .innerJoin(message, eq(message.id, submission.message_id))
    .where(eq(submission.id, id))
    .get();
  return row?.thread_id ?? null;
}

/** The report about these failures is in the mailbox (in the same transaction), or on its way, or wanted by nobody. */
export function markReported(
  box: Mailbox,
  id: number,
  addresses: string[],
  schedule: RetrySchedule,
  now: number,
): void {
  for (const email of addresses) {
    box.db
      .update(submission_recipient)
      .set({ is_reported: true })
      .where(and(eq(submission_recipient.submission_id, id), eq(submission_recipient.email, email)))
      .run();
  }
  const row = box.db.select().from(submission).where(eq(submission.id, id)).get();
  if (row) settle(box.db, row, schedule, now);
}

/** Sets when the submission is due next: by the schedule, at once for an unmade report, or never again. */
function settle(db: MailboxDb, row: SubmissionRow, schedule: RetrySchedule, now: number): void {
  const isOpen = openRecipients(db, row.id).length > 0;
  const retry = isOpen ? schedule(row.attempts, now) : null;
  // The consumer makes the report right away; only if it dies is the submission due for it.
  const next_attempt_at = retry ?? (unreported(db, row.id).length > 0 ? now + QUEUED_FOR_MS : null);
  db.update(submission).set({ lease: null, next_attempt_at }).where(eq(submission.id, row.id)).run();
}

function isExpired(db: MailboxDb, id: number, now: number): boolean {
  const row = db.select({ send_at: submission.send_at }).from(submission).where(eq(submission.id, id)).get();
  return row !== undefined && now - row.send_at > RETRY_FOR_MS;
}

function openRecipients(db: MailboxDb, id: number): string[] {
  const isOpen = and(eq(submission_recipient.submission_id, id), inArray(submission_recipient.state, [...OPEN]));
  return db
    .select()
    .from(submission_recipient)
    .where(isOpen)
    .all()
    .map(({ email }) => email);
}

function unreported(db: MailboxDb, id: number): FailedRecipient[] {
  const isUnreported = and(
    eq(submission_recipient.submission_id, id),
    eq(submission_recipient.state, "failed"),
    eq(submission_recipient.is_reported, false),
  );
  const rows = db.select().from(submission_recipient).where(isUnreported).all();
  return rows.map(({ email, status, reply, remote_mta }) => {
    return { address: email, status: status ?? "5.0.0", reply: reply ?? "", remote_mta };
  });
}

function setStates(
  db: MailboxDb,
  id: number,
  emails: string[],
  set: Partial<typeof submission_recipient.$inferInsert>,
): void {
  for (const email of emails) {
    db.update(submission_recipient)
      .set(set)
      .where(and(eq(submission_recipient.submission_id, id), eq(submission_recipient.email, email)))
      .run();
  }
}
