/** The tables of the Directory: what each Destination last said of itself, alerts that are raised, how much waited when. */
import { sql } from "drizzle-orm";
import { index, integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export interface StoredCause {
  status: string;
  reply: string;
  submissions: number;
  recipients: number;
}

export const entry = sqliteTable(
  "entry",
  {
    id: integer().primaryKey(),
    name: text().notNull().unique(),
    submissions: integer().notNull(),
    recipients: integer().notNull(),
    /** Since when the first of them waits. */
    oldest_at: integer(),
    causes: text({ mode: "json" }).$type<StoredCause[]>().notNull(),
    concurrency: real().notNull(),
    per_minute: real().notNull(),
    paused_until: integer().notNull(),
    counters: text({ mode: "json" }).$type<Record<string, number>>().notNull(),
    said_at: integer().notNull(),
  },
  (table) => [
    // "What waits, the most of it first, and how much is it?" Only destinations for which something waits are in it.
    index("entry_waiting")
      .on(sql`recipients desc`, table.name, table.submissions, table.oldest_at)
      .where(sql`submissions > 0`),
  ],
);

/** One row a code. It is raised or cleared once, and told until the telling succeeds. WITHOUT ROWID. */
export const alert = sqliteTable("alert", {
  code: text().primaryKey(),
  is_raised: integer({ mode: "boolean" }).notNull(),
  text: text().notNull(),
  changed_at: integer().notNull(),
  is_told: integer({ mode: "boolean" }).notNull(),
});

/** The most that waited in ten minutes of the last week, all destinations together. WITHOUT ROWID. */
export const queue_point = sqliteTable("queue_point", {
  /** When the ten minutes began. */
  at: integer().primaryKey(),
  submissions: integer().notNull(),
  recipients: integer().notNull(),
  /** How long the oldest had waited. */
  oldest_seconds: integer().notNull(),
});
