/**
 * Stopping an account before it hurts its domain. Receivers judge a domain by what its mail causes: Google and Yahoo
 * ask for less than 0.1 % of complaints and act at 0.3 %, Amazon's mail service stops senders at 10 % of bounces. So
 * that a few typos stop nobody, both need a number besides the share.
 *
 * While it is stopped, what waits in the outbox stays there, until an operator lifts the stop or its time is over.
 */
import { and, eq, gt, gte, isNotNull, isNull, lt, lte, sql, sum } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { outsideRecipients } from "../../mail/address/outside.ts";
import { isAboutTheAddress, statusOf } from "../../mail/report/status-code.ts";
import { account, sending_day, submission } from "../../schema/mailbox/tables.ts";
import { dayOf } from "../warm-up.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";

const WINDOW_MS = 6 * 24 * 3_600_000;
const BOUNCES = { share: 0.1, least: 5, recipients: 20 };
const COMPLAINTS = { share: 0.003, least: 3, recipients: 0 };

/** How often a submission that is held is looked at, so that its time can run out. */
const HOLD_MS = 3_600_000;

/** Addresses that were written to and take no mail, in other domains than the sender's. All else may be about us, or pass. */
export function countBounces(
  box: Mailbox,
  mailFrom: string,
  failed: { address: string; status: string; reply: string }[],
  now: number,
) {
  const isBounce = ({ status, reply }: { status: string; reply: string }) =>
    isAboutTheAddress(statusOf(status, reply) ?? status);
  const unknown = failed.filter(isBounce).map(({ address }) => address);
  const n = outsideRecipients(mailFrom, unknown).length;
  if (n > 0) recordFeedback(box, "bounced", n, now);
}

/** Mail that came back, or was called spam. Stops the account where it is too much. Part of the caller's transaction. */
export function recordFeedback(box: Mailbox, kind: "bounced" | "complained", n: number, now: number): void {
  box.db
    .insert(sending_day)
    .values({ day: dayOf(now), [kind]: n })
    .onConflictDoUpdate({ target: sending_day.day, set: { [kind]: sql`${sending_day[kind]} + ${n}` } })
    .run();
  const why = tooMuch(box.db, now);
  if (why !== null && !isStopped(box.db)) stopSending(box, why, now);
}

/** Why what the last seven days brought is too much, or null. */
function tooMuch(db: MailboxDb, now: number): string | null {
  const count = (column: (typeof sending_day)["recipients" | "bounced" | "complained"]) => sum(column).mapWith(Number);
  const { recipients, bounced, complained } = sending_day;
  const week = db
    .select({ recipients: count(recipients), bounced: count(bounced), complained: count(complained) })
    .from(sending_day)
    .where(gte(sending_day.day, dayOf(now - WINDOW_MS)))
    .get();
  const sent = week?.recipients ?? 0;
  const passes = (n: number, { share, least, recipients }: typeof BOUNCES) =>
    n >= least && sent >= recipients && n > sent * share;
  if (passes(week?.bounced ?? 0, BOUNCES)) {
    return `${week?.bounced} of the ${sent} addresses written to in the last seven days do not exist.`;
  }
  if (passes(week?.complained ?? 0, COMPLAINTS)) {
    return `${week?.complained} of the ${sent} recipients of the last seven days called the mail spam.`;
  }
  return null;
}

export function stopSending(box: Mailbox, why: string, now: number): void {
  box.db.update(account).set({ sending_stopped_at: now, sending_stopped_why: why }).run();
  // The code is what an operator's alerts look for: see docs/sending.md.
  console.error("alert MM-SENDING-STOPPED", { user_id: box.user_id, email: box.email, why });
}

/** What counted is forgotten but for today's recipients, and what waits is due. */
export function liftStop(box: Mailbox, now: number): void {
  if (!isStopped(box.db)) return;
  box.db.transaction(() => {
    box.db.update(account).set({ sending_stopped_at: null, sending_stopped_why: null }).run();
    box.db
      .delete(sending_day)
      .where(lt(sending_day.day, dayOf(now)))
      .run();
    box.db.update(sending_day).set({ bounced: 0, complained: 0 }).run();
    const isWaiting = and(
      isNotNull(submission.next_attempt_at),
      gt(submission.next_attempt_at, now),
      isNull(submission.lease),
    );
    box.db
      .update(submission)
      .set({ next_attempt_at: now })
      .where(and(isWaiting, lte(submission.send_at, now)))
      .run();
  });
}

/** Since when, or null. */
export const stoppedAt = (db: MailboxDb): number | null => selectStop(db).get()?.at ?? null;
export const isStopped = (db: MailboxDb): boolean => stoppedAt(db) !== null;

const selectStop = prepared((db) =>
  db.select({ at: account.sending_stopped_at, why: account.sending_stopped_why }).from(account).prepare(),
);

/** Throws `sending_stopped`, with the reason. */
export function requireNotStopped(db: MailboxDb): void {
  const { at, why } = selectStop(db).get() ?? { at: null, why: null };
  if (at !== null) {
    throw new Failure("sending_stopped", `Nothing leaves this account any more. ${why ?? ""} Ask its operator.`);
  }
}

export const stopReason = (db: MailboxDb): string => selectStop(db).get()?.why ?? "";

/** A submission that is due and held back: it is looked at again in an hour, or when its time is over. */
export function holdBack(db: MailboxDb, id: number, expiresAt: number, now: number): void {
  const next_attempt_at = Math.min(now + HOLD_MS, Math.max(expiresAt, now + 1));
  db.update(submission).set({ lease: null, next_attempt_at }).where(eq(submission.id, id)).run();
}
