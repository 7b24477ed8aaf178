/** What an operator may ask of a submission that waits: how it stands, that it is tried now, that it is given up. */
import { and, eq, gt, isNotNull, isNull, lte } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { domainOf } from "../../mail/address/address.ts";
import { submission } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isNobodys } from "./next-attempt.ts";
import { openRecipients, setState } from "./recipient-states.ts";

export interface OpenSubmission {
  next_attempt_at: number;
  rcpt_to: string[];
}

/** Whom it is still to be sent to, and when next. Null: to nobody. */
export function openSubmission(db: MailboxDb, id: number): OpenSubmission | null {
  const row = db.select().from(submission).where(eq(submission.id, id)).get();
  const rcpt_to = openRecipients(db, id).map(({ email }) => email);
  if (row === undefined || row.next_attempt_at === null || rcpt_to.length === 0) return null;
  return { next_attempt_at: row.next_attempt_at, rcpt_to };
}

/** It is due now. One that somebody works on, that is on the queue or whose time has not come stays as it is. */
export function retryNow(db: MailboxDb, id: number, now: number): boolean {
  const waits = and(
    isNull(submission.lease),
    isNotNull(submission.next_attempt_at),
    gt(submission.next_attempt_at, now),
  );
  const hurried = db
    .update(submission)
    .set({ next_attempt_at: now })
    .where(and(eq(submission.id, id), waits, lte(submission.send_at, now)))
    .returning({ id: submission.id })
    .all();
  return hurried.length > 0;
}

/**
 * Who is still open in this domain has failed, and the submission is due, so that a consumer tells the sender. How many those are. Refused
 * while somebody is sending it: the message may be leaving in this moment.
 */
export function giveUp(box: Mailbox, id: number, domain: string, now: number): number {
  return box.db.transaction(() => {
    const row = box.db.select().from(submission).where(eq(submission.id, id)).get();
    const theirs = openRecipients(box.db, id).filter(({ email }) => domainOf(email) === domain);
    if (row === undefined || theirs.length === 0) throw notFound("submission");
    const isHeld = !isNobodys(row) && row.next_attempt_at !== null && row.next_attempt_at > now;
    if (isHeld) throw new Failure("conflict", "It is being sent at this moment: ask again in a minute.");
    // RFC 3463 §3.4, X.3.0
    const dropped = { state: "failed", status: "5.3.0", reply: "Dropped by the operator" } as const;
    for (const { email } of theirs) setState(box.db, id, email, { ...dropped, remote_mta: null, updated_at: now });
    box.db.update(submission).set({ lease: null, next_attempt_at: now }).where(eq(submission.id, id)).run();
    recordChange(box.db, "submission", id, "changed");
    return theirs.length;
  });
}
