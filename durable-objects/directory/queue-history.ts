/** How much waited, for the operator's chart: a point for ten minutes, for a week. */
import { asc, eq, gte, lt, sql } from "drizzle-orm";
import { QUEUE_HISTORY_DAYS, QUEUE_POINT_SECONDS } from "../../contract/operator.ts";
import { queue_point } from "../../schema/directory/tables.ts";
import type { DirectoryDb } from "./directory-database.ts";

export type QueuePoint = typeof queue_point.$inferSelect;

const POINT_MS = QUEUE_POINT_SECONDS * 1000;
const KEPT_MS = QUEUE_HISTORY_DAYS * 24 * 3_600_000;

/** What waits at this moment. Of the moments in ten minutes the worst is kept: a chart of means would show no peak. */
export function notePoint(db: DirectoryDb, seen: Omit<QueuePoint, "at">, now: number): void {
  const at = now - (now % POINT_MS);
  db.transaction(() => {
    const isKnown = db.select().from(queue_point).where(eq(queue_point.at, at)).get() !== undefined;
    if (!isKnown) {
      db.delete(queue_point)
        .where(lt(queue_point.at, now - KEPT_MS))
        .run();
    }
    db.insert(queue_point)
      .values({ at, ...seen })
      .onConflictDoUpdate({
        target: queue_point.at,
        set: {
          submissions: sql`max(${queue_point.submissions}, excluded.submissions)`,
          recipients: sql`max(${queue_point.recipients}, excluded.recipients)`,
          oldest_seconds: sql`max(${queue_point.oldest_seconds}, excluded.oldest_seconds)`,
        },
        // Most minutes are like the one before, and write nothing.
        setWhere: sql`excluded.submissions > ${queue_point.submissions} OR excluded.recipients > ${queue_point.recipients}
          OR excluded.oldest_seconds > ${queue_point.oldest_seconds}`,
      })
      .run();
  });
}

/** Oldest first. Minutes in which nobody looked have no point. */
export const pointsSince = (db: DirectoryDb, since: number): QueuePoint[] =>
  db.select().from(queue_point).where(gte(queue_point.at, since)).orderBy(asc(queue_point.at)).all();
