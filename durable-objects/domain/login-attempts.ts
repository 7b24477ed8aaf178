/**
 * Limits on guessing passwords, kept where names become accounts, and for names that exist and names that do not alike,
 * so that the limit does not tell which is which.
 *
 * An origin may fail ORIGIN_LIMIT times in a window. All origins together may fail ACCOUNT_LIMIT times, but an origin
 * that logged in before is not held to that: strangers can use up their own chances, not the owner's. Sessions that are
 * open never pass here at all.
 */
import { and, eq, gt, isNull, lt, sum } from "drizzle-orm";
import { account, login_attempt } from "../../schema/domain/tables.ts";
import type { DomainDb } from "./domain-database.ts";

const WINDOW_MS = 15 * 60_000;
const ORIGIN_LIMIT = 20;
const ACCOUNT_LIMIT = 100;
const ORIGIN_KNOWN_FOR_MS = 90 * 24 * 3_600_000;

export type LoginAdmission =
  | { admitted: true; user_id: string | null }
  | { admitted: false; retry_after_seconds: number };

/** Charges a failure up front, so that many tries at once cannot pass before the first has failed. */
export function admitLogin(db: DomainDb, localPart: string, origin: string, now: number): LoginAdmission {
  return db.transaction(() => {
    forget(db, localPart, now);
    const row = db.select().from(login_attempt).where(byOrigin(localPart, origin)).get();
    const isCurrent = row !== undefined && row.window_started_at > now - WINDOW_MS;
    const failures = isCurrent ? row.failures : 0;
    const windowStart = isCurrent ? row.window_started_at : now;
    const isKnown = row?.succeeded_at != null;
    if (failures >= ORIGIN_LIMIT || (!isKnown && failuresOfStrangers(db, localPart, now) >= ACCOUNT_LIMIT)) {
      return { admitted: false, retry_after_seconds: Math.ceil((windowStart + WINDOW_MS - now) / 1000) };
    }
    const charged = { failures: failures + 1, window_started_at: windowStart };
    db.insert(login_attempt)
      .values({ local_part: localPart, origin, ...charged })
      .onConflictDoUpdate({ target: [login_attempt.local_part, login_attempt.origin], set: charged })
      .run();
    const owner = db
      .select({ user_id: account.user_id })
      .from(account)
      .where(and(eq(account.local_part, localPart), eq(account.is_active, true)))
      .get();
    return { admitted: true, user_id: owner?.user_id ?? null };
  });
}

export function recordLogin(db: DomainDb, localPart: string, origin: string, now: number): void {
  db.update(login_attempt).set({ failures: 0, succeeded_at: now }).where(byOrigin(localPart, origin)).run();
}

const byOrigin = (localPart: string, origin: string) =>
  and(eq(login_attempt.local_part, localPart), eq(login_attempt.origin, origin));

function failuresOfStrangers(db: DomainDb, localPart: string, now: number): number {
  const row = db
    .select({ failures: sum(login_attempt.failures).mapWith(Number) })
    .from(login_attempt)
    .where(
      and(
        eq(login_attempt.local_part, localPart),
        isNull(login_attempt.succeeded_at),
        gt(login_attempt.window_started_at, now - WINDOW_MS),
      ),
    )
    .get();
  return row?.failures ?? 0;
}

/** Rows that no longer decide anything go: names are a stranger's choice, so the table must not keep them. */
function forget(db: DomainDb, localPart: string, now: number): void {
  db.delete(login_attempt)
    .where(and(isNull(login_attempt.succeeded_at), lt(login_attempt.window_started_at, now - WINDOW_MS)))
    .run();
  db.delete(login_attempt)
    .where(and(eq(login_attempt.local_part, localPart), lt(login_attempt.succeeded_at, now - ORIGIN_KNOWN_FOR_MS)))
    .run();
}
