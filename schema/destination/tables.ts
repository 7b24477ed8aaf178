/** The tables of one Destination: a domain that mail leaves for. */
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One row: the domain's name, how fast it takes mail (see durable-objects/destination/throttle.ts), how much waits for it. */
export const destination = sqliteTable("destination", {
  /** The A-label form (RFC 5890 §2.3.2.1). */
  name: text().primaryKey(),
  /** How many transactions may run at once, and begin in a minute. The whole part counts; the rest is growth under way. */
  concurrency: real().notNull(),
  per_minute: real().notNull(),
  /** How many ran when it last pushed back, and when that was. */
  refused_at_concurrency: integer(),
  refused_at: integer().notNull().default(0),
  /** How often in a row it said 421. */
  strikes: integer().notNull().default(0),
  paused_until: integer().notNull().default(0),
  minute_began: integer().notNull().default(0),
  started: integer().notNull().default(0),
  started_before: integer().notNull().default(0),
  /** Kept in the transactions that change `waiting`, so that no look has to count. */
  waiting_submissions: integer().notNull().default(0),
  waiting_recipients: integer().notNull().default(0),
});

/** A transaction that is running, as far as anybody said. One whose consumer crashed ends by itself. */
export const slot = sqliteTable("slot", {
  id: integer().primaryKey({ autoIncrement: true }),
  granted_at: integer().notNull(),
  expires_at: integer().notNull(),
});

/** A submission that waits for this domain. A view: the truth is in its Mailbox. WITHOUT ROWID. */
export const waiting = sqliteTable(
  "waiting",
  {
    user_id: text().notNull(),
    submission_id: integer().notNull(),
    recipients: integer().notNull(),
    /** Why: enhanced status code (RFC 3463) and the server's words, shortened. */
    status: text().notNull(),
    reply: text().notNull(),
    first_deferred_at: integer().notNull(),
    next_attempt_at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.user_id, table.submission_id] }),
    // "What waits longest?": the operator's pages.
    index("waiting_since").on(table.first_deferred_at, table.submission_id),
    // "Which should have been tried, and nobody said what came of it?": the alarm's question.
    index("waiting_next").on(table.next_attempt_at),
  ],
);

/** Recipients by what became of them, since the first. WITHOUT ROWID. */
export const counter = sqliteTable("counter", {
  result: text().primaryKey(),
  recipients: integer().notNull(),
});
