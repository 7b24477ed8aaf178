/** Alerts: raised once, cleared once, and to be told until the telling succeeds. */
import { and, eq } from "drizzle-orm";
import { alert } from "../../schema/directory/tables.ts";
import type { DirectoryDb } from "./directory-database.ts";

export type Alert = typeof alert.$inferSelect;

/** How things stand for one code: `text` says it to people. */
export type Condition = Pick<Alert, "code" | "is_raised" | "text">;

export interface Weighed {
  /** Those that changed just now. */
  changed: Alert[];
  /** Those among all that somebody still has to be told. */
  untold: Alert[];
}

export function weigh(db: DirectoryDb, conditions: Condition[], now: number): Weighed {
  return db.transaction(() => {
    const known = new Map(
      db
        .select()
        .from(alert)
        .all()
        .map((row) => [row.code, row]),
    );
    const isChange = ({ code, is_raised }: Condition) => is_raised !== (known.get(code)?.is_raised ?? false);
    const changed = conditions.filter(isChange).map((condition) => ({ ...condition, changed_at: now, is_told: false }));
    for (const row of changed) {
      db.insert(alert).values(row).onConflictDoUpdate({ target: alert.code, set: row }).run();
    }
    return { changed, untold: db.select().from(alert).where(eq(alert.is_told, false)).all() };
  });
}

/** What has changed again since it was told is still to be told. */
export function markTold(db: DirectoryDb, told: Pick<Alert, "code" | "changed_at">[]): void {
  for (const { code, changed_at } of told) {
    const isSame = and(eq(alert.code, code), eq(alert.changed_at, changed_at));
    db.update(alert).set({ is_told: true }).where(isSame).run();
  }
}
