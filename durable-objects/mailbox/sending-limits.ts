/**
 * How many recipients an account may write to in a day, counted in the transaction that takes the message: two requests
 * at once cannot both have the last of them. A message counts on the day it is taken, when its writer can still be told,
 * also where it is to leave later.
 */
import { eq, lt, sql } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import type { Sending } from "../../contract/sending.ts";
import { outsideRecipients } from "../../mail/address/outside.ts";
import { account, sending_day } from "../../schema/mailbox/tables.ts";
import { accountAllowance, dayOf, nextDay, secondsToNextDay } from "../warm-up.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";
import { requireNotStopped } from "./sending-stop.ts";

/** Longer than any count looks back. */
const KEPT_MS = 30 * 24 * 3_600_000;

interface Envelope {
  mail_from: string;
  rcpt_to: string[];
}

/**
 * Counts a message's recipients. Throws `sending_stopped` or `sending_limit`. `share`: what leaves by itself has a part of
 * the day's limit, so that something is left for its owner. Part of the caller's transaction.
 */
export function countSending(box: Mailbox, envelope: Envelope, full: number | null, now: number, share = 1): void {
  requireNotStopped(box.db);
  const wanted = outsideRecipients(envelope.mail_from, envelope.rcpt_to).length;
  if (wanted === 0) return;
  const [whole, used] = [limitOf(box.db, full, now), usedOn(box.db, dayOf(now))];
  const limit = whole === null ? null : Math.floor(whole * share);
  if (limit !== null && used + wanted > limit) {
    const facts = `${limit} recipients outside its domain; ${used} were written to today, and this message has ${wanted}`;
    throw new Failure("sending_limit", `This account may write to ${facts}.`, [], secondsToNextDay(now));
  }
  if (used === 0) forgetBefore(box.db, now - KEPT_MS);
  box.db
    .insert(sending_day)
    .values({ day: dayOf(now), recipients: wanted })
    .onConflictDoUpdate({ target: sending_day.day, set: { recipients: sql`recipients + ${wanted}` } })
    .run();
}

/** A message that was taken back before it left does not count. Part of the caller's transaction. */
export function uncountSending(db: MailboxDb, envelope: Envelope, takenAt: number): void {
  const n = outsideRecipients(envelope.mail_from, envelope.rcpt_to).length;
  const isThatDay = eq(sending_day.day, dayOf(takenAt));
  db.update(sending_day)
    .set({ recipients: sql`max(0, recipients - ${n})` })
    .where(isThatDay)
    .run();
}

/** What an operator gave the account, or else what its age allows of the deployment's full limit. */
function limitOf(db: MailboxDb, full: number | null, now: number): number | null {
  const { daily_recipients, created_at } = accountRow(db);
  if (daily_recipients > 0) return daily_recipients;
  return full === null ? null : accountAllowance(full, now - created_at);
}

const usedOn = (db: MailboxDb, day: string): number =>
  db.select().from(sending_day).where(eq(sending_day.day, day)).get()?.recipients ?? 0;

const forgetBefore = (db: MailboxDb, time: number): void =>
  void db
    .delete(sending_day)
    .where(lt(sending_day.day, dayOf(time)))
    .run();

export function setDailyRecipients(db: MailboxDb, daily_recipients: number): void {
  db.update(account).set({ daily_recipients }).run();
}

export function readSending(box: Mailbox, full: number | null, now: number): Sending {
  const { sending_stopped_at, sending_stopped_why } = accountRow(box.db);
  return {
    user_id: box.user_id,
    daily_recipients: limitOf(box.db, full, now),
    used: usedOn(box.db, dayOf(now)),
    resets_at: isoTime(nextDay(now)),
    is_stopped: sending_stopped_at !== null,
    stopped_at: sending_stopped_at === null ? null : isoTime(sending_stopped_at),
    stopped_why: sending_stopped_why,
  };
}

function accountRow(db: MailboxDb): typeof account.$inferSelect {
  const row = db.select().from(account).get();
  if (row === undefined) throw new Error("a mailbox without its account");
  return row;
}
