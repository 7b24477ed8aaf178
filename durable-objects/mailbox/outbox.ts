/**
 * The transactional outbox: what is due is handed to the queue by the alarm, worked on under a lease, and due again
 * until every recipient has a final state.
 *
 * The queue may lose or repeat, so it carries no truth. A submission stays due (a little later) while it is in the
 * queue; a consumer must take the lease first, which turns away repeats; a lease that its consumer stopped renewing
 * runs out. A permanent failure keeps the submission due until its report is in the sender's hands.
 *
 * What SMTP leaves open is kept to one moment. Just before the end of a message is sent its recipients are marked as
 * handed over, under the lease; the consumer's report clears the mark. A consumer that dies before the mark has sent
 * nothing whole, and the next try cannot double. One that dies after it, or hears no answer, leaves the recipient
 * `uncertain`: tried again later, with the same bytes, since to lose is worse than to double (RFC 5321 §4.2.5, RFC 1047).
 */
import { and, asc, eq, isNotNull, lte, min } from "drizzle-orm";
import { fingerprint, submission } from "../../schema/mailbox/tables.ts";
import { bounceTokenOf } from "./bounce-token.ts";
import { recordChange } from "./change-log.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { findSubmission, isNobodys, ON_QUEUE, QUEUED_FOR_MS, readyRecipients, settle } from "./next-attempt.ts";
import { receivedAt } from "./object-ids.ts";
import {
  beginAttempt,
  markHandedOver,
  openRecipients,
  presumeUncertain,
  setState,
  unreported,
} from "./recipient-states.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import { holdBack, isStopped } from "./sending-stop.ts";
import { addSubmission } from "./submissions.ts";
import { cancelUnsubscribed } from "./suppressions.ts";

export type { RecipientReport, TriedRecipient } from "./outbox-report.ts";
export type { FailedRecipient, UntoldRecipient } from "./recipient-states.ts";

/** How long a lease holds without being renewed. */
const LEASE_MS = 90_000;

export interface Due {
  submission_id: number;
  class: SubmissionRow["class"];
}

/**
 * Submissions whose time has come. Their next one is set as if the queue had lost them. Called by the alarm, for which
 * a lease that is due is a dead one: as long as it is held it moves next_attempt_at ahead.
 */
export function takeDue(db: MailboxDb, schedule: RetrySchedule, now: number): Due[] {
  const due = db
    .select()
    .from(submission)
    .where(and(isNotNull(submission.next_attempt_at), lte(submission.next_attempt_at, now)))
    .orderBy(asc(submission.next_attempt_at))
    .limit(100)
    .all();
  const stopped = isStopped(db);
  return due.flatMap((row) => {
    if (!wakeUp(db, row, schedule, now) || (stopped && isHeldBack(db, row, schedule, now))) return [];
    const queued = { lease: ON_QUEUE, next_attempt_at: now + QUEUED_FOR_MS };
    db.update(submission).set(queued).where(eq(submission.id, row.id)).run();
    return [{ submission_id: row.id, class: row.class }];
  });
}

/** Looks at what a dead consumer left behind. False: only uncertain recipients are left, and their time has not come. */
function wakeUp(db: MailboxDb, row: SubmissionRow, schedule: RetrySchedule, now: number): boolean {
  if (!isNobodys(row) && presumeUncertain(db, row.id, now) > 0) recordChange(db, "submission", row.id, "changed");
  if (readyRecipients(db, row, schedule, now).length > 0 || unreported(db, row.id).length > 0) return true;
  settle(db, { ...row, lease: null }, now, schedule, now);
  return false;
}

/** In an account that was stopped: what waits goes on waiting, until its time is over and it has failed. */
function isHeldBack(db: MailboxDb, { id, send_at }: SubmissionRow, schedule: RetrySchedule, now: number): boolean {
  const open = openRecipients(db, id);
  // Only the report about it is left.
  if (open.length === 0) return false;
  const expiresAt = schedule.overAt(send_at);
  if (now <= expiresAt) {
    holdBack(db, id, expiresAt, now);
    return true;
  }
  // RFC 3463 §3.8 (X.7.1)
  const failed = { state: "failed", status: "5.7.1", reply: "The account may not send", remote_mta: null } as const;
  for (const { email } of open) setState(db, id, email, { ...failed, updated_at: now });
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
  /** The account wrote it, and has its copy. Whatever else leaves here is passed on, or by the mesh itself. */
  is_own: boolean;
  /** The address of this Mailbox: in its domain's name goes what has a stranger for its sender, or nobody. */
  owner: string;
  /** When the message was handed in, for the report. */
  created_at: number;
  /** What the reverse-path carries when it leaves the mesh; empty where it carries nothing. */
  bounce_token: string;
  /** Recipients to try now; none when only a report is missing. */
  rcpt_to: string[];
}

/** Takes the lease, or null: somebody has it, nothing is left to do, or its time has not come (it was undone, say). */
export function claim(box: Mailbox, id: number, lease: string, schedule: RetrySchedule, now: number): Lease | null {
  return box.db.transaction(() => {
    const row = findSubmission(box.db, id);
    if (row === undefined || row.next_attempt_at === null || now < row.send_at) return null;
    // Neither on the queue nor due: somebody has it, or it waits for its next try. This message is a repeat.
    if (row.lease !== ON_QUEUE && row.next_attempt_at > now) return null;
    if (row.class === "bulk") cancelUnsubscribed(box.db, id, now);
    if (!wakeUp(box.db, row, schedule, now)) return null;
    const rcpt_to = readyRecipients(box.db, row, schedule, now);
    // It was on the queue already when the account was stopped; the next alarm holds it back.
    if (rcpt_to.length > 0 && isStopped(box.db)) return null;
    const attempts = row.attempts + (rcpt_to.length > 0 ? 1 : 0);
    box.db
      .update(submission)
      .set({ lease, next_attempt_at: now + LEASE_MS, attempts })
      .where(eq(submission.id, id))
      .run();
    beginAttempt(box.db, id, rcpt_to, now);
    recordChange(box.db, "submission", id, "changed");
    const { raw_key, mail_from, report_to, created_at } = row;
    const is_own = row.message_id !== null;
    const bounce_token = bounceTokenOf(box, row);
    const envelope = { mail_from, report_to, class: row.class, owner: box.email, bounce_token, rcpt_to };
    return { submission_id: id, lease, raw_key, created_at, is_own, ...envelope };
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

/**
 * The end of the message is about to be sent to these. False: the lease was lost, somebody else may have sent it by now,
 * and it must not be sent: so a consumer that was only slow makes no second copy.
 */
export function handOver(db: MailboxDb, id: number, lease: string, addresses: string[], now: number): boolean {
  return db.transaction(() => {
    if (!renew(db, id, lease, now)) return false;
    markHandedOver(db, id, addresses, now);
    return true;
  });
}
