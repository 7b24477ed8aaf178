/** What each Destination last said of itself. Each is the only one that writes its own entry, and always the whole. */
import { and, asc, count, desc, eq, gt, lt, min, or, sql, sum } from "drizzle-orm";
import { entry } from "../../schema/directory/tables.ts";
import type { DirectoryDb } from "./directory-database.ts";

export type Entry = Omit<typeof entry.$inferSelect, "id">;

export function said(db: DirectoryDb, { name, ...rest }: Entry): void {
  db.insert(entry)
    .values({ name, ...rest })
    .onConflictDoUpdate({ target: entry.name, set: rest })
    .run();
}

const somethingWaits = sql`submissions > 0`;

export interface QueueTotals {
  destinations: number;
  submissions: number;
  recipients: number;
  oldest_at: number | null;
}

export function totals(db: DirectoryDb): QueueTotals {
  const row = db
    .select({
      destinations: count(),
      submissions: sum(entry.submissions).mapWith(Number),
      recipients: sum(entry.recipients).mapWith(Number),
      oldest_at: min(entry.oldest_at),
    })
    .from(entry)
    .where(somethingWaits)
    .get();
  const { destinations = 0, submissions, recipients, oldest_at } = row ?? {};
  return { destinations, submissions: submissions ?? 0, recipients: recipients ?? 0, oldest_at: oldest_at ?? null };
}

/** Destinations for which something waits, the most of it first. */
export function waitingPage(db: DirectoryDb, after: [number, string] | null, limit: number): Entry[] {
  const [recipients, name] = after ?? [0, ""];
  const isAfter = or(lt(entry.recipients, recipients), and(eq(entry.recipients, recipients), gt(entry.name, name)));
  return db
    .select()
    .from(entry)
    .where(after === null ? somethingWaits : and(somethingWaits, isAfter))
    .orderBy(desc(entry.recipients), asc(entry.name))
    .limit(limit)
    .all();
}

export interface Series {
  waiting: Pick<Entry, "name" | "recipients" | "oldest_at">[];
  counters: Pick<Entry, "name" | "counters">[];
  /** All those that have no series of their own, together. */
  others: Record<string, number>;
}

/**
 * For the metrics, of bounded length. The counters of the destinations that came first have their own names for ever:
 * one that changed between its own and the common name would make both jump.
 */
export function series(db: DirectoryDb, limit: number): Series {
  const counters = db
    .select({ id: entry.id, name: entry.name, counters: entry.counters })
    .from(entry)
    .orderBy(asc(entry.id))
    .limit(limit)
    .all();
  const last = counters.length < limit ? Number.MAX_SAFE_INTEGER : (counters.at(-1)?.id ?? 0);
  const others = db.all<{ result: string; recipients: number }>(
    sql`SELECT key AS result, sum(value) AS recipients FROM entry, json_each(entry.counters) WHERE entry.id > ${last} GROUP BY key`,
  );
  return {
    waiting: waitingPage(db, null, limit),
    counters,
    others: Object.fromEntries(others.map(({ result, recipients }) => [result, recipients])),
  };
}
