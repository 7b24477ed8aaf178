/** The state of each recipient of a submission, and whether its failure was told. */
import { and, asc, eq, inArray, notInArray } from "drizzle-orm";
import { MAX_SUBMISSION_RECIPIENTS } from "../../contract/limits.ts";
import { submission_recipient } from "../../schema/mailbox/tables.ts";
import type { MailboxDb } from "./mailbox-database.ts";

export interface FailedRecipient {
  address: string;
  status: string;
  reply: string;
  remote_mta: string | null;
}

/** States in which the message is still to be sent. */
const OPEN = ["queued", "sending", "deferred", "uncertain"] as const;
/** States in which the message is out of our hands, which no later word about it changes. */
const LEFT = ["sent", "delivered"] as const;

export const hasLeft = (state: string): boolean => LEFT.some((left) => left === state);

const isOf = (id: number) => eq(submission_recipient.submission_id, id);

/** Those first that nothing was done about for longest. */
export function openRecipients(db: MailboxDb, id: number, limit = MAX_SUBMISSION_RECIPIENTS): string[] {
  const isOpen = inArray(submission_recipient.state, [...OPEN]);
  const rows = db
    .select({ email: submission_recipient.email })
    .from(submission_recipient)
    .where(and(isOf(id), isOpen))
    .orderBy(asc(submission_recipient.updated_at))
    .limit(limit);
  return rows.all().map(({ email }) => email);
}

/** Whether some were in no attempt yet: those of a bulk message whose turn has not come. */
export function hasUntried(db: MailboxDb, { id, created_at }: { id: number; created_at: number }): boolean {
  const isUntried = and(eq(submission_recipient.state, "queued"), eq(submission_recipient.updated_at, created_at));
  return (
    db
      .select()
      .from(submission_recipient)
      .where(and(isOf(id), isUntried))
      .limit(1)
      .get() !== undefined
  );
}

/** Failures that nobody was told of yet. */
export function unreported(db: MailboxDb, id: number): FailedRecipient[] {
  const isUnreported = and(eq(submission_recipient.state, "failed"), eq(submission_recipient.is_reported, false));
  const rows = db
    .select()
    .from(submission_recipient)
    .where(and(isOf(id), isUnreported))
    .all();
  return rows.map(({ email, status, reply, remote_mta }) => {
    return { address: email, status: status ?? "5.0.0", reply: reply ?? "", remote_mta };
  });
}

type RecipientUpdate = Pick<typeof submission_recipient.$inferInsert, "state" | "updated_at"> &
  Partial<Pick<typeof submission_recipient.$inferInsert, "status" | "reply" | "remote_mta">>;

export function setState(db: MailboxDb, id: number, email: string, update: RecipientUpdate): void {
  const isOne = and(isOf(id), eq(submission_recipient.email, email));
  const isHere = notInArray(submission_recipient.state, [...LEFT]);
  db.update(submission_recipient).set(update).where(and(isOne, isHere)).run();
}

export function markTold(db: MailboxDb, id: number, emails: string[]): void {
  for (const email of emails) {
    const isOne = and(isOf(id), eq(submission_recipient.email, email));
    db.update(submission_recipient).set({ is_reported: true }).where(isOne).run();
  }
}
