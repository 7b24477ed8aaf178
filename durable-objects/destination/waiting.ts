/**
 * What waits for this destination, for the operator to look at. The truth is in the Mailboxes; a consumer says here what
 * it has just reported there, and what nobody spoke of after its time is asked after by the alarm.
 */
import { and, asc, count, desc, eq, gt, lt, min, or, sql, sum } from "drizzle-orm";
import { destination, waiting } from "../../schema/destination/tables.ts";
import type { DestinationDb } from "./destination-database.ts";

/** Long enough for a consumer that is slow and a queue that is full. */
export const STALE_MS = 15 * 60_000;
const MAX_CAUSES = 8;
/** Causes are counted among those that wait longest. */
const CAUSES_OF = 1_000;
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
  const before = db.select().from(waiting).where(isOne(waits)).get();
  const { status, reply } = cause ?? NOT_TRIED;
  const why = { status, reply: reply.slice(0, MAX_REPLY_CHARACTERS) };
  db.insert(waiting)
    .values({ user_id, submission_id, recipients, ...why, first_deferred_at: now, next_attempt_at })
    .onConflictDoUpdate({
      target: [waiting.user_id, waiting.submission_id],
      set: { recipients, next_attempt_at, ...(cause === null ? {} : why) },
    })
    .run();
  addToTotals(db, before === undefined ? 1 : 0, recipients - (before?.recipients ?? 0));
}

function addToTotals(db: DestinationDb, submissions: number, recipients: number): void {
  if (submissions === 0 && recipients === 0) return;
  db.update(destination)
    .set({
      waiting_submissions: sql`waiting_submissions + ${submissions}`,
      waiting_recipients: sql`waiting_recipients + ${recipients}`,
    })
    .run();
}

const isOne = ({ user_id, submission_id }: WaitingKey) =>
  and(eq(waiting.user_id, user_id), eq(waiting.submission_id, submission_id));

/** Whether it was waiting. */
export function noLongerWaits(db: DestinationDb, key: WaitingKey): boolean {
  const gone = db.delete(waiting).where(isOne(key)).returning().get();
  if (gone !== undefined) addToTotals(db, -1, -gone.recipients);
  return gone !== undefined;
}

export function setNextAttempt(db: DestinationDb, key: WaitingKey, next_attempt_at: number): void {
  db.update(waiting).set({ next_attempt_at }).where(isOne(key)).run();
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
  const row = db.select().from(destination).get();
  const oldest = db.select({ at: waiting.first_deferred_at }).from(waiting).orderBy(asc(waiting.first_deferred_at));
  return {
    submissions: row?.waiting_submissions ?? 0,
    recipients: row?.waiting_recipients ?? 0,
    oldest_at: oldest.limit(1).get()?.at ?? null,
  };
}

/** By status, each with one server's words as an example: the words alone differ from answer to answer. */
export function waitingCauses(db: DestinationDb) {
  const longest = db.select().from(waiting).orderBy(asc(waiting.first_deferred_at)).limit(CAUSES_OF).as("longest");
  const recipients = sum(longest.recipients).mapWith(Number);
  return db
    .select({ status: longest.status, reply: sql<string>`max(${longest.reply})`, submissions: count(), recipients })
    .from(longest)
    .groupBy(longest.status)
    .orderBy(desc(sum(longest.recipients)))
    .limit(MAX_CAUSES)
    .all();
}
