/** Alerts: raised once, cleared once, and to be told until the telling succeeds. */
import { eq } from "drizzle-orm";
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

export function markTold(db: DirectoryDb, codes: string[]): void {
  for (const code of codes) db.update(alert).set({ is_told: true }).where(eq(alert.code, code)).run();
}
