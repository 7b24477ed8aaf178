/**
 * What waits for this destination, for the operator to look at. The truth is in the Mailboxes; a consumer says here what
 * it has just reported there, and what nobody spoke of after its time is asked after by the alarm.
 */
import { and, asc, count, eq, gt, lt, min, or, sql, sum } from "drizzle-orm";
import { waiting } from "../../schema/destination/tables.ts";
import type { DestinationDb } from "./destination-database.ts";

/** Long enough for a consumer that is slow and a queue that is full. */
export const STALE_MS = 15 * 60_000;
const MAX_CAUSES = 8;
const MAX_REPLY_CHARACTERS = 200;

export interface WaitingKey {
  user_id: string;
  submission_id: number;
}

export interface Waits extends WaitingKey {
  recipients: number;
  /** Null: it was not tried, and what was known of it before still holds. */
  cause: { status: string; reply: string } | null;
  next_attempt_at: number;
}

/** RFC 3463 §3.5, X.4.5: what the mesh itself holds back says so. */
const NOT_TRIED = { status: "4.4.5", reply: "Waits for its turn: the destination is busy or asked for a pause" };

export function keepWaiting(db: DestinationDb, waits: Waits, now: number): void {
  const { user_id, submission_id, recipients, next_attempt_at, cause } = waits;
  const { status, reply } = cause ?? NOT_TRIED;
  const why = { status, reply: reply.slice(0, MAX_REPLY_CHARACTERS) };
  db.insert(waiting)
    .values({ user_id, submission_id, recipients, ...why, first_deferred_at: now, next_attempt_at })
    .onConflictDoUpdate({
      target: [waiting.user_id, waiting.submission_id],
      set: { recipients, next_attempt_at, ...(cause === null ? {} : why) },
    })
    .run();
}

const isOne = ({ user_id, submission_id }: WaitingKey) =>
  and(eq(waiting.user_id, user_id), eq(waiting.submission_id, submission_id));

/** Whether it was waiting. */
export function noLongerWaits(db: DestinationDb, key: WaitingKey): boolean {
  return db.delete(waiting).where(isOne(key)).returning().all().length > 0;
}

export function setNextAttempt(db: DestinationDb, key: WaitingKey, nextAttemptAt: number, recipients?: number): void {
  const set = { next_attempt_at: nextAttemptAt, ...(recipients === undefined ? {} : { recipients }) };
  db.update(waiting).set(set).where(isOne(key)).run();
}

export type WaitingRow = typeof waiting.$inferSelect;

/** A page, the longest waiting first. */
export function listWaiting(db: DestinationDb, after: [number, number] | null, limit: number): WaitingRow[] {
  const [since, id] = after ?? [0, 0];
  // Two mailboxes could only share a number of the same millisecond; what a page would then pass over is on the next look.
  const isLater = and(eq(waiting.first_deferred_at, since), gt(waiting.submission_id, id));
  return db
    .select()
    .from(waiting)
    .where(after === null ? undefined : or(gt(waiting.first_deferred_at, since), isLater))
    .orderBy(asc(waiting.first_deferred_at), asc(waiting.submission_id))
    .limit(limit)
    .all();
}

/** Those that are not due yet, for who wants to make them so. */
export function notYetDue(db: DestinationDb, now: number, limit: number): WaitingRow[] {
  return db.select().from(waiting).where(gt(waiting.next_attempt_at, now)).limit(limit).all();
}

export function countNotYetDue(db: DestinationDb, now: number): number {
  return db.select({ n: count() }).from(waiting).where(gt(waiting.next_attempt_at, now)).get()?.n ?? 0;
}

/** Those that should have been tried, and nobody said what came of it. */
export function stale(db: DestinationDb, now: number, limit: number): WaitingRow[] {
  const isStale = lt(waiting.next_attempt_at, now - STALE_MS);
  return db.select().from(waiting).where(isStale).orderBy(asc(waiting.next_attempt_at)).limit(limit).all();
}

/** When the first of them will be stale, or null. */
export function nextStale(db: DestinationDb): number | null {
  const at = db
    .select({ at: min(waiting.next_attempt_at) })
    .from(waiting)
    .get()?.at;
  return at == null ? null : at + STALE_MS + 1;
}

export function waitingTotals(db: DestinationDb) {
  const totals = db
    .select({ submissions: count(), recipients: sum(waiting.recipients), oldest_at: min(waiting.first_deferred_at) })
    .from(waiting)
    .get();
  return {
    submissions: totals?.submissions ?? 0,
    recipients: Number(totals?.recipients ?? 0),
    oldest_at: totals?.oldest_at ?? null,
  };
}

/** By status, each with one server's words as an example: the words alone differ from answer to answer. */
export function waitingCauses(db: DestinationDb) {
  const recipients = sum(waiting.recipients).mapWith(Number);
  return db
    .select({ status: waiting.status, reply: sql<string>`max(${waiting.reply})`, submissions: count(), recipients })
    .from(waiting)
    .groupBy(waiting.status)
    .orderBy(sql`4 desc`)
    .limit(MAX_CAUSES)
    .all();
}
