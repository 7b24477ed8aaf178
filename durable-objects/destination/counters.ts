/** How many recipients came to what end, or to none yet. They only grow. */
import { sql } from "drizzle-orm";
import type { CountedResult } from "../../contract/operator.ts";
import { counter } from "../../schema/destination/tables.ts";
import type { DestinationDb } from "./destination-database.ts";
import type { Outcome } from "./signal.ts";

export type Counts = Partial<Record<CountedResult, number>>;

export function add(db: DestinationDb, counts: Counts): void {
  for (const [result, recipients] of Object.entries(counts)) {
    if (recipients === 0) continue;
    db.insert(counter)
      .values({ result, recipients })
      .onConflictDoUpdate({ target: counter.result, set: { recipients: sql`recipients + ${recipients}` } })
      .run();
  }
}

export function readCounters(db: DestinationDb): Record<string, number> {
  const rows = db.select().from(counter).all();
  return Object.fromEntries(rows.map(({ result, recipients }) => [result, recipients]));
}

/** `uncertain` is not told apart from `deferred`: both are tried again. */
export function countsOf(outcomes: Outcome[]): Counts {
  const counts: Counts = {};
  for (const { result } of outcomes) {
    const counted = result === "uncertain" ? "deferred" : result;
    counts[counted] = (counts[counted] ?? 0) + 1;
  }
  return counts;
}
