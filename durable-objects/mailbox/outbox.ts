/**
 * The transactional outbox: what is due is handed to the queue by the alarm, worked on under a lease, and due again
 * until every recipient has a final state.
 *
 * The queue may lose or repeat, so it carries no truth. A submission stays due (a little later) while it is in the
 * queue; a consumer must take the lease first, which turns away repeats; a lease that its consumer stopped renewing
 * runs out. A permanent failure keeps the submission due until its report is in the sender's hands.
 */
import { and, asc, eq, isNotNull, lte, min } from "drizzle-orm";
import { MAX_SUBMISSION_RECIPIENTS } from "../../contract/limits.ts";
import { fingerprint, message, released, submission } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { receivedAt } from "./object-ids.ts";
import {
  type FailedRecipient,
  hasLeft,
  hasUntried,
  markTold,
  openRecipients,
  setState,
  unreported,
} from "./recipient-states.ts";
import { RETRY_FOR_MS, type RetrySchedule } from "./retry-schedule.ts";
import { countBounces, holdBack, isStopped } from "./sending-stop.ts";
import { addSubmission } from "./submissions.ts";
import { cancelUnsubscribed } from "./suppressions.ts";

export type { FailedRecipient } from "./recipient-states.ts";

/** How long a lease holds without being renewed. */
const LEASE_MS = 90_000;
/** A queue message that brought no result in this time is taken for lost. */
const QUEUED_FOR_MS = 60_000;
/** Stands in place of a lease while the queue has the submission: whoever brings its message may take it. */
const ON_QUEUE = "queue";

const isNobodys = ({ lease }: SubmissionRow): boolean => lease === null || lease === ON_QUEUE;

const findSubmission = (db: MailboxDb, id: number): SubmissionRow | undefined =>
  db.select().from(submission).where(eq(submission.id, id)).get();

export interface Due {
  submission_id: number;
  class: SubmissionRow["class"];
}

/** Submissions whose time has come. Their next one is set as if the queue had lost them. Called by the alarm. */
export function takeDue(db: MailboxDb, now: number): Due[] {
  const due = db
    .select({ id: submission.id, send_at: submission.send_at, class: submission.class })
    .from(submission)
    .where(and(isNotNull(submission.next_attempt_at), lte(submission.next_attempt_at, now)))
    .orderBy(asc(submission.next_attempt_at))
    .limit(100)
    .all();
  const going = isStopped(db) ? due.filter((row) => !isHeldBack(db, row, now)) : due;
  for (const { id } of going) {
    // A lease that is still held has moved next_attempt_at past it: what is due here has none, or a dead one.
    const queued = { lease: ON_QUEUE, next_attempt_at: now + QUEUED_FOR_MS };
    db.update(submission).set(queued).where(eq(submission.id, id)).run();
  }
  return going.map(({ id, ...row }) => ({ submission_id: id, class: row.class }));
}

/** In an account that was stopped: what waits goes on waiting, until its time is over and it has failed. */
function isHeldBack(db: MailboxDb, { id, send_at }: Pick<SubmissionRow, "id" | "send_at">, now: number): boolean {
  const open = openRecipients(db, id);
  // Only the report about it is left.
  if (open.length === 0) return false;
  const expiresAt = send_at + RETRY_FOR_MS;
  if (now <= expiresAt) {
    holdBack(db, id, expiresAt, now);
    return true;
  }
  // RFC 3463 §3.8 (X.7.1)
  const failed = { state: "failed", status: "5.7.1", reply: "The account may not send", remote_mta: null } as const;
  for (const email of open) setState(db, id, email, { ...failed, updated_at: now });
  return false;
}

/** When the alarm must ring next for the outbox, or null. */
export function nextDue(db: MailboxDb): number | null {
  const at = min(submission.next_attempt_at);
  return db.select({ at }).from(submission).where(isNotNull(submission.next_attempt_at)).get()?.at ?? null;
}

export type Relayed = Parameters<typeof addSubmission>[1];

/**
 * A submission without a copy in Sent. Its name is remembered like a delivery's fingerprint, and like there the same
 * again is a repeat within `repeatWindow` milliseconds.
 */
export function relay(
  box: Mailbox,
  name: string,
  repeatWindow: number,
  relayed: Relayed,
  now: number,
): "queued" | "repeat" {
  return box.db.transaction(() => {
    const seen = box.db.select().from(fingerprint).where(eq(fingerprint.hash, name)).get();
    if (seen && now - receivedAt(seen.message_id) <= repeatWindow) return "repeat";
    const { id } = addSubmission(box, relayed, now);
    box.db
      .insert(fingerprint)
      .values({ hash: name, message_id: id })
      .onConflictDoUpdate({ target: fingerprint.hash, set: { message_id: id } })
      .run();
    return "queued";
  });
}

/** What a consumer works on. */
export interface Lease {
  submission_id: number;
  lease: string;
  raw_key: string;
  mail_from: string;
  report_to: SubmissionRow["report_to"];
  class: SubmissionRow["class"];
  /** When the message was handed in, for the report. */
  created_at: number;
  /** Recipients to try now; none when only a report is missing. */
  rcpt_to: string[];
}

/** Takes the lease, or null: somebody has it, nothing is left to do, or its time has not come (it was undone, say). */
export function claim(box: Mailbox, id: number, lease: string, now: number): Lease | null {
  return box.db.transaction(() => {
    const row = findSubmission(box.db, id);
    if (row === undefined || row.next_attempt_at === null || now < row.send_at) return null;
    // Neither on the queue nor due: somebody has it, or it waits for its next try. This message is a repeat.
    if (row.lease !== ON_QUEUE && row.next_attempt_at > now) return null;
    if (row.class === "bulk") cancelUnsubscribed(box.db, id, now);
    const open = recipientsToTry(box.db, row);
    // It was on the queue already when the account was stopped; the next alarm holds it back.
    if (open.length > 0 && isStopped(box.db)) return null;
    const attempts = row.attempts + (open.length > 0 ? 1 : 0);
    box.db
      .update(submission)
      .set({ lease, next_attempt_at: now + LEASE_MS, attempts })
      .where(eq(submission.id, id))
      .run();
    for (const email of open) setState(box.db, id, email, { state: "sending", updated_at: now });
    recordChange(box.db, "submission", id, "changed");
    const { raw_key, mail_from, report_to, created_at } = row;
    const kind = { report_to, class: row.class };
    return { submission_id: id, lease, raw_key, mail_from, ...kind, created_at, rcpt_to: open };
  });
}

/** Recipients of a bulk message that are worked on under one lease. */
const BULK_AT_ONCE = 50;

/** Each copy of a bulk message is a transaction: a few at a time, so that a consumer that dies leaves few in doubt. */
const recipientsToTry = (db: MailboxDb, { id, class: kind }: SubmissionRow): string[] =>
  openRecipients(db, id, kind === "bulk" ? BULK_AT_ONCE : MAX_SUBMISSION_RECIPIENTS);

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

/**
 * Writes what happened to each recipient and gives the lease back. Returns the failures to report.
 *
 * A consumer may report after its lease ran out and somebody else took over. That a message left is true all the same,
 * and keeps it from leaving again; of all else the other one knows better.
 */
export function report(
  box: Mailbox,
  id: number,
  lease: string,
  results: RecipientReport[],
  schedule: RetrySchedule,
  now: number,
): FailedRecipient[] {
  return box.db.transaction(() => {
    const row = findSubmission(box.db, id);
    if (row === undefined) return [];
    const isHeld = row.lease === lease;
    const isUntried = hasUntried(box.db, row);
    const failed = results.filter(({ result }) => isHeld && result === "failed");
    countBounces(box, row.mail_from, failed, now);
    for (const { address, result, status, reply, remote_mta } of results) {
      if (!isHeld && !hasLeft(result)) continue;
      const isOpen = result === "deferred" || result === "uncertain";
      const state = isOpen && now - row.send_at > RETRY_FOR_MS ? "failed" : result;
      setState(box.db, id, address, { state, status, reply, remote_mta, updated_at: now });
    }
    recordChange(box.db, "submission", id, "changed");
    if (isHeld) settle(box.db, row, isUntried ? now : schedule(row.attempts, now), now);
    else if (isNobodys(row)) settle(box.db, row, row.next_attempt_at, now);
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

/**
 * The report about these failures is in the mailbox (in the same transaction), or on its way, or wanted by nobody.
 * False: all of them were told before.
 */
export function markReported(box: Mailbox, id: number, addresses: string[], now: number): boolean {
  const untold = new Set(unreported(box.db, id).map(({ address }) => address));
  if (!addresses.some((address) => untold.has(address))) return false;
  markTold(box.db, id, addresses);
  const row = findSubmission(box.db, id);
  if (row && isNobodys(row)) settle(box.db, row, row.next_attempt_at, now);
  return true;
}

/** Sets when the submission is due next: at `retryAt` for who is still open, soon for an unmade report, or never again. */
function settle(db: MailboxDb, row: SubmissionRow, retryAt: number | null, now: number): void {
  const isOpen = openRecipients(db, row.id).length > 0;
  // The consumer makes the report right away; only if it dies is the submission due for it.
  const reportAt = unreported(db, row.id).length > 0 ? now + QUEUED_FOR_MS : null;
  const next_attempt_at = isOpen ? retryAt : reportAt;
  const lease = isOpen && isNobodys(row) ? row.lease : null;
  db.update(submission).set({ lease, next_attempt_at }).where(eq(submission.id, row.id)).run();
  // A copy in Sent keeps its bytes; those of a forward have done their work.
  if (next_attempt_at === null && row.message_id === null) {
    db.insert(released).values({ raw_key: row.raw_key }).onConflictDoNothing().run();
  }
}
