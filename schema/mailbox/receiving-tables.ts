/**
 * The tables of one Mailbox that are about mail from strangers: whom the owner knows, what was learnt of spam, how what
 * comes in is sorted and answered. The others, and what holds for all, are in tables.ts.
 */
import { sql } from "drizzle-orm";
import { customType, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

const bytes = customType<{ data: Uint8Array; driverData: ArrayBuffer | Uint8Array }>({
  dataType: () => "blob",
  fromDriver: (value) => new Uint8Array(value),
});

/** People the owner has written to: their mail is not spam, and others may pretend to be them. WITHOUT ROWID. */
export const correspondent = sqliteTable(
  "correspondent",
  {
    /** As mail/address/address-key.ts gives it. */
    address: text().primaryKey(),
    /** The name, as it looks: two that a reader would take for each other are the same here. Empty where none is known. */
    name_key: text().notNull(),
    /** The domain, as it looks. */
    domain_key: text().notNull(),
    written_at: integer().notNull(),
  },
  (table) => [
    // "Does this name look like somebody the owner knows?", asked at each delivery.
    index("correspondent_by_name").on(table.name_key).where(sql`name_key <> ''`),
    // "Does this domain look like one that the owner writes to?"
    index("correspondent_by_domain").on(table.domain_key),
  ],
);

/** What the owner did with mail of a domain: said that it is spam, or that it is not. WITHOUT ROWID. */
export const sender_reputation = sqliteTable("sender_reputation", {
  domain: text().primaryKey(),
  ham: integer().notNull().default(0),
  spam: integer().notNull().default(0),
  changed_at: integer().notNull(),
});

/** What the classifier has learnt here, in pages of a fixed size and number: see durable-objects/mailbox/classifier.ts. */
export const classifier_page = sqliteTable("classifier_page", {
  page: integer().primaryKey(),
  cells: bytes().notNull(),
});

/** Messages that the owner called spam or not, waiting to be learnt from by the alarm. */
export const spam_training = sqliteTable("spam_training", {
  message_id: integer().primaryKey(),
  is_spam: integer({ mode: "boolean" }).notNull(),
});

/** Addresses and domains (`@example.org`) that the owner treats alike, whatever they write. WITHOUT ROWID. */
export const sender_treatment = sqliteTable(
  "sender_treatment",
  {
    treatment: text({ enum: ["blocked", "never_junk", "show_images"] }).notNull(),
    /** An address as mail/address/address-key.ts gives it, or `@` and a domain. */
    pattern: text().notNull(),
    created_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.treatment, table.pattern] })],
);

/** The owner's filters, in the order of their position. WITHOUT ROWID. */
export const filter = sqliteTable("filter", {
  id: text().primaryKey(),
  position: integer().notNull(),
  name: text().notNull(),
  is_enabled: integer({ mode: "boolean" }).notNull().default(true),
  /** JSON, as contract/filters.ts reads it. */
  conditions: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
  actions: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
  created_at: integer().notNull(),
});

/** A filter on its way over the mail that is here already. WITHOUT ROWID. */
export const filter_run = sqliteTable(
  "filter_run",
  {
    id: text().primaryKey(),
    filter_id: text().notNull(),
    state: text({ enum: ["running", "done", "failed", "cancelled"] }).notNull(),
    /** JSON: how far it is, as contract/filters.ts reads it. */
    progress: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    created_at: integer().notNull(),
    /** When the alarm goes on with it; null when it is over. */
    next_attempt_at: integer(),
  },
  (table) => [index("filter_run_due").on(table.next_attempt_at).where(sql`next_attempt_at is not null`)],
);

/** Sieve scripts (RFC 5228), of which one at most is active. WITHOUT ROWID. */
export const sieve_script = sqliteTable("sieve_script", {
  name: text().primaryKey(),
  script: text().notNull(),
  is_active: integer({ mode: "boolean" }).notNull().default(false),
  changed_at: integer().notNull(),
});

/**
 * What a delivery makes leave: a forward, a reply, a vacation notice, a refusal. Written with the message, in one
 * transaction; the alarm has it composed and sent, as often as it takes.
 */
export const follow_up = sqliteTable(
  "follow_up",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    message_id: integer().notNull(),
    kind: text({ enum: ["forward", "reply", "vacation", "reject"] }).notNull(),
    /** JSON: to whom and with which words, as durable-objects/mailbox/follow-ups.ts reads it. */
    detail: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    attempts: integer().notNull().default(0),
    next_attempt_at: integer().notNull(),
  },
  (table) => [index("follow_up_due").on(table.next_attempt_at)],
);

/** Who was told that the owner is away, and when: once in a period (RFC 5230 §4.2). WITHOUT ROWID. */
export const vacation_reply = sqliteTable(
  "vacation_reply",
  {
    /** Which notice: the owner's own, or one of a Sieve script (RFC 5230 §4.7). */
    handle: text().notNull(),
    address: text().notNull(),
    replied_at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.handle, table.address] }),
    // "Which are older than any period?": they are forgotten.
    index("vacation_reply_by_time").on(table.replied_at),
  ],
);
