/** Who is sending to this destination right now, and the throttle that admits them: throttle.ts with its memory. */
import { count, eq, lte } from "drizzle-orm";
import { destination, slot } from "../../schema/destination/tables.ts";
import type { DestinationDb } from "./destination-database.ts";
import { begun, ended, mayBegin, newThrottle, type Signal, type Throttle } from "./throttle.ts";

/**
 * After this long a transaction does not count any more: its consumer has crashed, or it is so slow that one more beside
 * it does no harm.
 */
export const SLOT_MS = 2 * 60_000;
/** Who finds every slot taken comes again in so long at least, and later where many wait, so as not to come together. */
const COME_AGAIN_MS = 5_000;
const SPREAD_MS_EACH = 50;
const MAX_SPREAD_MS = 60_000;

export type Admission = { granted: true; slot: number } | { granted: false; retry_at: number; why: "busy" | "later" };

export function admit(db: DestinationDb, name: string, now: number, random: number): Admission {
  return db.transaction(() => {
    db.delete(slot).where(lte(slot.expires_at, now)).run();
    const throttle = readThrottle(db);
    const verdict = mayBegin(throttle, running(db), now);
    if (!verdict.go) {
      const isBusy = verdict.why === "busy";
      const spread = random * Math.min(COME_AGAIN_MS + howManyWait(db) * SPREAD_MS_EACH, MAX_SPREAD_MS);
      const retry_at = Math.round((isBusy ? now + COME_AGAIN_MS : verdict.until) + spread);
      return { granted: false, retry_at, why: isBusy ? "busy" : "later" };
    }
    writeThrottle(db, name, begun(throttle, now));
    const times = { granted_at: now, expires_at: now + SLOT_MS };
    return { granted: true, slot: db.insert(slot).values(times).returning({ id: slot.id }).get().id };
  });
}

/** A transaction is over. How many more may begin now. */
export function endSlot(db: DestinationDb, name: string, id: number, signal: Signal, now: number): number {
  return db.transaction(() => {
    const atOnce = running(db);
    const ran = db.delete(slot).where(eq(slot.id, id)).returning().get();
    const before = readThrottle(db);
    // One that outlived its slot began before whatever was learned since.
    const after = ended(before, { signal, granted_at: ran?.granted_at ?? 0, running: Math.max(1, atOnce) }, now);
    writeThrottle(db, name, after);
    if (now < after.paused_until) return 0;
    return Math.floor(after.concurrency) - running(db);
  });
}

/** All is forgotten that slowed it down; who is sending goes on. */
export function resetThrottle(db: DestinationDb, name: string): void {
  writeThrottle(db, name, newThrottle());
}

export function readThrottle(db: DestinationDb): Throttle {
  const row = db.select().from(destination).get();
  if (row === undefined) return newThrottle();
  const { name, waiting_submissions, waiting_recipients, ...throttle } = row;
  return throttle;
}

function writeThrottle(db: DestinationDb, name: string, throttle: Throttle): void {
  db.insert(destination)
    .values({ name, ...throttle })
    .onConflictDoUpdate({ target: destination.name, set: throttle })
    .run();
}

export const nameOf = (db: DestinationDb): string | null => db.select().from(destination).get()?.name ?? null;

/** The row that carries the name, which an alarm does not know. */
export function remember(db: DestinationDb, name: string): void {
  db.insert(destination)
    .values({ name, ...newThrottle() })
    .onConflictDoNothing()
    .run();
}

const howManyWait = (db: DestinationDb): number => db.select().from(destination).get()?.waiting_submissions ?? 0;

export const running = (db: DestinationDb): number => db.select({ n: count() }).from(slot).get()?.n ?? 0;
