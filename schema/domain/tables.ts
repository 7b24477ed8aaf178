/** The tables of one Domain: which local part belongs to whom. Local parts are canonical (case-folded, unquoted). */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One row; an object without it is not a domain of this deployment and stores nothing. */
export const domain = sqliteTable("domain", {
  /** A-label form. */
  name: text().primaryKey(),
  /** The Mailbox without an owner whose outbox carries what aliases forward to the outside. */
  forwarder_user_id: text().notNull(),
  created_at: integer().notNull(),
  /** The relay that carries this domain's mail, with its password; null takes the deployment's. */
  relay_url: text(),
  /** What this domain takes: JSON, as contract/domain-policy.ts reads it. */
  policy: text({ mode: "json" }).$type<Record<string, unknown>>().notNull().default({}),
});

/**
 * Keys that sign this domain's mail (RFC 6376 §3.1). A new one is published before it signs, and an old one stays
 * published for as long as mail that it signed may be on its way. WITHOUT ROWID.
 */
export const dkim_key = sqliteTable("dkim_key", {
  selector: text().primaryKey(),
  algorithm: text({ enum: ["rsa-sha256", "ed25519-sha256"] }).notNull(),
  /** PKCS #8 and SubjectPublicKeyInfo, in base64. */
  private_key: text().notNull(),
  public_key: text().notNull(),
  created_at: integer().notNull(),
  /** Signs from here on … */
  active_from: integer().notNull(),
  /** … and until here; null for the one that signs now. */
  retired_at: integer(),
});

/** Recipients that the domain's accounts wrote to on each day (UTC): a new domain starts with few. WITHOUT ROWID. */
export const sending_day = sqliteTable("sending_day", {
  /** "2026-11-25" */
  day: text().primaryKey(),
  recipients: integer().notNull().default(0),
});

/** Accounts by primary local part. A row that is not active yet belongs to a creation that was interrupted. */
export const account = sqliteTable("account", {
  local_part: text().primaryKey(),
  user_id: text().notNull(),
  is_active: integer({ mode: "boolean" }).notNull(),
  created_at: integer().notNull(),
});

/** One row a target: an account's user id or an outside address. The local part `*` is the catch-all. WITHOUT ROWID. */
export const alias_target = sqliteTable(
  "alias_target",
  {
    local_part: text().notNull(),
    /** The address as the admin wrote it. */
    target: text().notNull(),
    /** Set when the target is an account of this deployment. */
    user_id: text(),
  },
  (table) => [
    primaryKey({ columns: [table.local_part, table.target] }),
    // "Which of them lead to this account?"
    index("alias_of_account").on(table.user_id).where(sql`user_id is not null`),
  ],
);

/**
 * Addresses that an account made up to give away, and can switch off: mail to one that is off is refused. WITHOUT ROWID.
 */
export const disposable_alias = sqliteTable(
  "disposable_alias",
  {
    local_part: text().primaryKey(),
    user_id: text().notNull(),
    /** Whom the owner gave it to. */
    note: text().notNull(),
    is_active: integer({ mode: "boolean" }).notNull().default(true),
    created_at: integer().notNull(),
  },
  (table) => [
    // "Which of them are this account's?"
    index("disposable_alias_of_account").on(table.user_id),
  ],
);

/**
 * Login attempts by account name and address of origin, for names that exist and names that do not alike: the limit
 * must not tell which is which. WITHOUT ROWID.
 */
export const login_attempt = sqliteTable(
  "login_attempt",
  {
    local_part: text().notNull(),
    origin: text().notNull(),
    failures: integer().notNull(),
    /** Failures are counted in a window that begins here. */
    window_started_at: integer().notNull(),
    /** An origin that logged in before is not held to the limit that strangers used up. */
    succeeded_at: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.local_part, table.origin] }),
    // "Which strangers' windows are over?", asked at each login. Origins that logged in before are not in it.
    index("login_attempt_of_stranger").on(table.window_started_at).where(sql`succeeded_at is null`),
  ],
);
