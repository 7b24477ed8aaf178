/** The state of each recipient of a submission, and whether its sender was told of it. */
import { and, eq, inArray, isNotNull, notInArray, type SQL, sql } from "drizzle-orm";
import type { RecipientState } from "../../contract/submissions.ts";
import { submission_recipient } from "../../schema/mailbox/tables.ts";
import type { MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import type { RetrySchedule } from "./retry-schedule.ts";

export interface FailedRecipient {
  address: string;
  status: string;
  reply: string;
  remote_mta: string | null;
}

/** What the sender has to be told: it failed, or it is late and will be tried again (RFC 3464 §2.3.3). */
export interface UntoldRecipient extends FailedRecipient {
  action: "failed" | "delayed";
  /** Of what is late: until when it is tried. */
  retry_until: number | null;
}

export type RecipientRow = typeof submission_recipient.$inferSelect;

/** States in which the message is still to be sent. */
const OPEN = ["queued", "sending", "deferred", "uncertain"] as const satisfies RecipientState[];
/** States in which the message is out of our hands, which no later word about it changes. */
const LEFT = ["sent", "delivered"] as const;

export const hasLeft = (state: string): boolean => LEFT.some((left) => left === state);

const isOf = (id: number) => eq(submission_recipient.submission_id, id);
const isOne = (id: number, email: string) => and(isOf(id), eq(submission_recipient.email, email));
const isAmong = (emails: string[]) =>
  sql`${submission_recipient.email} IN (SELECT value FROM json_each(${JSON.stringify(emails)}))`;

export function openRecipients(db: MailboxDb, id: number): RecipientRow[] {
  return db
    .select()
    .from(submission_recipient)
    .where(and(isOf(id), inArray(submission_recipient.state, [...OPEN])))
    .all();
}

/** Failures that nobody was told of yet. */
export function unreported(db: MailboxDb, id: number): UntoldRecipient[] {
  const isUnreported = and(eq(submission_recipient.state, "failed"), eq(submission_recipient.is_reported, false));
  const rows = db
    .select()
    .from(submission_recipient)
    .where(and(isOf(id), isUnreported))
    .all();
  return rows.map((row) => ({ action: "failed", retry_until: null, ...lastWord(row, "5.0.0") }));
}

/**
 * Failures, and whoever has waited for so long that the sender should know. The latter once, and only a sender who is
 * here: a stranger whose mail an alias passes on is told of its failure alone.
 */
export function untold(db: MailboxDb, row: SubmissionRow, schedule: RetrySchedule, now: number): UntoldRecipient[] {
  const failed = unreported(db, row.id);
  if (row.report_to !== "inbox" || !schedule.isLate(row.send_at, now)) return failed;
  const late = openRecipients(db, row.id).filter((one) => !one.is_delay_reported && one.state !== "sending");
  const retry_until = schedule.overAt(row.send_at);
  return [...failed, ...late.map((one) => ({ action: "delayed" as const, retry_until, ...lastWord(one, "4.0.0") }))];
}

const lastWord = ({ email, status, reply, remote_mta }: RecipientRow, otherwise: string): FailedRecipient => {
  return { address: email, status: status ?? otherwise, reply: reply ?? "", remote_mta };
};

type RecipientUpdate = { [Column in keyof Omit<RecipientRow, "submission_id" | "email">]?: RecipientRow[Column] | SQL };

export function setState(db: MailboxDb, id: number, email: string, update: RecipientUpdate): void {
  const isHere = notInArray(submission_recipient.state, [...LEFT]);
  db.update(submission_recipient)
    .set(update)
    .where(and(isOne(id, email), isHere))
    .run();
}

/** These are being tried from now on. */
export function beginAttempt(db: MailboxDb, id: number, emails: string[], now: number): void {
  db.update(submission_recipient)
    .set({
      state: "sending",
      attempts: sql`${submission_recipient.attempts} + 1`,
      // Whoever tried last and died has not said when: as it began, then.
      attempted_at: sql`CASE ${submission_recipient.state} WHEN 'sending' THEN ${submission_recipient.updated_at}
        ELSE ${submission_recipient.attempted_at} END`,
      updated_at: now,
    })
    .where(and(isOf(id), isAmong(emails)))
    .run();
}

/** The end of the message is sent to these in a moment: from here until the answer a crash leaves them uncertain. */
export function markHandedOver(db: MailboxDb, id: number, emails: string[], now: number): void {
  db.update(submission_recipient)
    .set({ handed_over_at: now, attempted_at: now })
    .where(and(isOf(id), isAmong(emails)))
    .run();
}

/** Whom a consumer that is gone had handed over and never answered for. Returns how many. */
export function presumeUncertain(db: MailboxDb, id: number, now: number): number {
  const isUnanswered = and(eq(submission_recipient.state, "sending"), isNotNull(submission_recipient.handed_over_at));
  return db
    .update(submission_recipient)
    .set({
      state: "uncertain",
      status: "4.4.2", // RFC 3463 §3.5 (X.4.2)
      reply: "handed over, and no answer is known: this side broke off",
      uncertain_attempts: sql`${submission_recipient.uncertain_attempts} + 1`,
      handed_over_at: null,
      updated_at: now,
    })
    .where(and(isOf(id), isUnanswered))
    .returning({ email: submission_recipient.email })
    .all().length;
}

/** States in which a report from outside may know more than we do: it may have left, and nothing final is known. */
const AWAY = ["sending", "sent", "deferred", "uncertain"] as const;
export const isAway = (state: string): boolean => AWAY.some((away) => away === state);

/** What a report from outside says, whatever the state. */
export function overrule(
  db: MailboxDb,
  { submission_id, email }: RecipientRow,
  update: Partial<Omit<RecipientRow, "submission_id" | "email">>,
): void {
  db.update(submission_recipient).set(update).where(isOne(submission_id, email)).run();
}

/** Those whose failure a report told while the consumer was still at it: it may know only that they were handed over. */
export function failedMeanwhile(db: MailboxDb, id: number): Set<string> {
  const rows = db
    .select({ email: submission_recipient.email })
    .from(submission_recipient)
    .where(and(isOf(id), eq(submission_recipient.state, "failed")));
  return new Set(rows.all().map(({ email }) => email));
}

export function markTold(db: MailboxDb, id: number, told: Pick<UntoldRecipient, "address" | "action">[]): void {
  for (const { address, action } of told) {
    const mark = action === "failed" ? { is_reported: true } : { is_delay_reported: true };
    db.update(submission_recipient).set(mark).where(isOne(id, address)).run();
  }
}
