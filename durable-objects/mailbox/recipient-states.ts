/** The state of each recipient of a submission, and whether its failure was told. */
import { and, eq, inArray, notInArray } from "drizzle-orm";
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

export function openRecipients(db: MailboxDb, id: number): string[] {
  const isOpen = inArray(submission_recipient.state, [...OPEN]);
  const rows = db
    .select({ email: submission_recipient.email })
    .from(submission_recipient)
    .where(and(isOf(id), isOpen));
  return rows.all().map(({ email }) => email);
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
  Partial<
    Pick<typeof submission_recipient.$inferInsert, "status" | "reply" | "remote_mta" | "transport" | "transport_id">
  >;

export function setState(db: MailboxDb, id: number, email: string, update: RecipientUpdate): void {
  const isOne = and(isOf(id), eq(submission_recipient.email, email));
  const isHere = notInArray(submission_recipient.state, [...LEFT]);
  db.update(submission_recipient).set(update).where(and(isOne, isHere)).run();
}

export type RecipientRow = typeof submission_recipient.$inferSelect;

/** States in which a report from outside may know more than we do: it may have left, and nothing final is known. */
const AWAY = ["sending", "sent", "deferred", "uncertain"] as const;
export const isAway = (state: string): boolean => AWAY.some((away) => away === state);

/** What a report from outside says, whatever the state. */
export function overrule(
  db: MailboxDb,
  { submission_id, email }: RecipientRow,
  update: Partial<Omit<RecipientRow, "submission_id" | "email">>,
): void {
  const isOne = and(isOf(submission_id), eq(submission_recipient.email, email));
  db.update(submission_recipient).set(update).where(isOne).run();
}

/** Those whose failure a report told while the consumer was still at it: it may know only that they were handed over. */
export function failedMeanwhile(db: MailboxDb, id: number): Set<string> {
  const rows = db
    .select({ email: submission_recipient.email })
    .from(submission_recipient)
    .where(and(isOf(id), eq(submission_recipient.state, "failed")));
  return new Set(rows.all().map(({ email }) => email));
}

export function markTold(db: MailboxDb, id: number, emails: string[]): void {
  for (const email of emails) {
    const isOne = and(isOf(id), eq(submission_recipient.email, email));
    db.update(submission_recipient).set({ is_reported: true }).where(isOne).run();
  }
}
