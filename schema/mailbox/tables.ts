/**
 * The tables of one Mailbox: everything that belongs to one account. Column names are the JSON names of the API.
 *
 * Times are milliseconds since the epoch. A message's id is its place in time (received milliseconds × 1024 + counter),
 * so ordering by id is ordering by arrival and a range of dates is a range of ids; see durable-objects/mailbox/object-ids.ts.
 *
 * Drizzle knows neither WITHOUT ROWID nor STRICT nor FTS5: scripts/generate-migrations.ts adds the first two to what
 * drizzle-kit generates, and the full-text index has a migration of its own.
 */
import { sql } from "drizzle-orm";
import { customType, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { AttachmentScan } from "../../contract/attachment-scan.ts";
import type { Authentication } from "../../contract/authentication.ts";
import type { ListUnsubscribe } from "../../contract/list-unsubscribe.ts";
import type { SpamVerdict } from "../../contract/spam.ts";
import type { Warning } from "../../contract/warnings.ts";

export * from "./receiving-tables.ts";
export * from "./sending-tables.ts";

/** Bytes as the platform's SQLite takes and gives them. Drizzle's own blob column wants Node's Buffer. */
const bytes = customType<{ data: Uint8Array; driverData: ArrayBuffer | Uint8Array }>({
  dataType: () => "blob",
  fromDriver: (value) => new Uint8Array(value),
});

/** Whose mailbox this is. One row; an object without it was never created and stores nothing. */
export const account = sqliteTable("account", {
  user_id: text().primaryKey(),
  /** The primary address. Others are aliases, which the Domain object knows. */
  email: text().notNull(),
  name: text().notNull(),
  /** Makes this mailbox's object ids differ from every other mailbox's: another account's id means nothing here. */
  id_mask: integer().notNull(),
  password_salt: text().notNull(),
  password_hash: text().notNull(),
  created_at: integer().notNull(),
  /** Bytes of messages that the mailbox takes; 0 takes the deployment's default. */
  quota_bytes: integer().notNull().default(0),
  /** What the owner chose, as contract/settings.ts reads it. */
  settings: text({ mode: "json" }).$type<Record<string, unknown>>().notNull().default({}),
  /** The log answers for states from here on; older rows were trimmed. */
  oldest_state: integer().notNull().default(0),
  /** Messages with ids below this are not in the full-text index yet: the alarm goes on from here, newest first. */
  unindexed_below: integer().notNull().default(0),
  /** Recipients a day that this account may write to; 0 takes what its age allows: see sending-limits.ts. */
  daily_recipients: integer().notNull().default(0),
  /** Since when nothing leaves this account any more, and why, in words for its owner. An operator lifts it. */
  sending_stopped_at: integer(),
  sending_stopped_why: text(),
});

/** Logged-in clients, and app tokens. Only a hash of the secret is kept, so that a copy of this table opens nothing. */
export const session = sqliteTable("session", {
  secret_hash: text().primaryKey(),
  created_at: integer().notNull(),
  expires_at: integer().notNull(),
  /** `token`: made by a logged-in client for a program, which may do less with it. */
  kind: text({ enum: ["session", "token"] })
    .notNull()
    .default("session"),
  /** Of a token: what its owner calls it. */
  name: text().notNull().default(""),
  /** Of a session: what the browser or program that logged in said of itself. */
  user_agent: text().notNull().default(""),
  /** To the hour, so that a request writes nothing; null where it was not used since it was made. */
  last_used_at: integer(),
});

/**
 * Folders (RFC 8621 §2 calls them mailboxes). The counts are kept in the transaction that changes them: counting at
 * read time grows with the mailbox.
 *
 * The row of `all` holds what the sum of the other folders has too much, as negative numbers: messages that are in
 * several. So a delivery, which is into one folder, writes one row of counts instead of two.
 */
export const folder = sqliteTable(
  "folder",
  {
    id: integer().primaryKey(),
    name: text().notNull(),
    /** RFC 6154 special use, or null for an own folder. `all` and `flagged` are views and own no folder_message rows. */
    role: text({ enum: ["inbox", "archive", "drafts", "flagged", "junk", "sent", "trash", "all"] }),
    /** The folder that holds this one; 0 at the top level, so that the unique index below sees siblings there too. */
    parent_id: integer().notNull().default(0),
    total: integer().notNull().default(0),
    unread: integer().notNull().default(0),
    /** Bytes of the messages in it. */
    size: integer().notNull().default(0),
    /** The last change that touched this row: clients sync counts from it without a log row for each delivery. */
    modseq: integer().notNull().default(0),
  },
  (table) => [
    // "Is there a sibling of this name?", and no two are ever made.
    uniqueIndex("folder_sibling_name").on(table.parent_id, table.name),
  ],
);

/** One RFC 5322 message as this account sees it: what a list shows, and what a reader needs besides the body. */
export const message = sqliteTable(
  "message",
  {
    id: integer().primaryKey(),
    thread_id: integer().notNull(),
    /** The Message-ID without angle brackets: written by the sender, so neither unique nor trusted (RFC 5322 §3.6.4). */
    rfc_message_id: text(),
    in_reply_to: text(),
    /** JSON list of Message-IDs, oldest first. */
    references: text({ mode: "json" }).$type<string[]>().notNull(),
    subject: text().notNull(),
    from: text({ mode: "json" }).$type<StoredAddress | null>(),
    to: text({ mode: "json" }).$type<StoredAddress[]>().notNull(),
    cc: text({ mode: "json" }).$type<StoredAddress[]>().notNull(),
    bcc: text({ mode: "json" }).$type<StoredAddress[]>().notNull(),
    reply_to: text({ mode: "json" }).$type<StoredAddress[]>().notNull(),
    /** The Date field: the sender's claim. Lists are ordered by arrival. */
    sent_at: integer(),
    preview: text().notNull(),
    size: integer().notNull(),
    is_read: integer({ mode: "boolean" }).notNull(),
    is_flagged: integer({ mode: "boolean" }).notNull(),
    is_draft: integer({ mode: "boolean" }).notNull(),
    has_attachment: integer({ mode: "boolean" }).notNull(),
    attachments: text({ mode: "json" }).$type<StoredAttachment[]>().notNull(),
    /** The folders this message is in, as in folder_message: a list shows them without a lookup for each row. */
    folder_ids: text({ mode: "json" }).$type<number[]>().notNull(),
    /** Where the bytes lie in R2 (contract/r2-keys.ts). */
    raw_key: text().notNull(),
    /** Header fields that this mesh put in front of those bytes: trace fields, or Bcc on the sender's own copy. */
    added_fields: text().notNull(),
    /** The envelope: reverse-path, and the addresses of this account that the message came to. */
    return_path: text().notNull(),
    delivered_to: text({ mode: "json" }).$type<string[]>().notNull(),
    /** Why the message could not be parsed, if it could not. */
    parse_note: text(),
    /** Keywords beyond read and flagged (RFC 8621 §4.1.1), lower case, such as `$answered`. */
    keywords: text({ mode: "json" }).$type<string[]>().notNull().default([]),
    /** A hash of the message without trace fields, 32 hexadecimal digits: the same bytes coming again are recognised by it. */
    fingerprint: text().notNull().default(""),
    /** Who asked to be told that it was read (RFC 8098 §2.1), as an address. Nobody is told unless the owner says so. */
    receipt_to: text(),
    /** Who is really behind it, as far as this mesh could tell: contract/authentication.ts. Null where nobody looked. */
    authentication: text({ mode: "json" }).$type<Authentication>(),
    /** How much it looks like spam, and why: contract/spam.ts. Null for what the owner wrote. */
    spam: text({ mode: "json" }).$type<SpamVerdict>(),
    /** What the owner said that it is, and the classifier has learnt. */
    learnt_as: text({ enum: ["spam", "ham"] }),
    /** What its reader should know before believing it: contract/warnings.ts. */
    warnings: text({ mode: "json" }).$type<Warning[]>().notNull().default([]),
    /** What its attachments really are, and what a scanner says of them: contract/attachment-scan.ts. */
    attachment_scan: text({ mode: "json" }).$type<AttachmentScan>(),
    /** How its reader can leave the list that it came over: contract/list-unsubscribe.ts. */
    list_unsubscribe: text({ mode: "json" }).$type<ListUnsubscribe>(),
    /** When it comes back into the inbox. */
    snoozed_until: integer(),
  },
  (table) => [
    // Opening a thread, oldest first.
    index("message_in_thread").on(table.thread_id, table.id),
    // "Is the message that this one refers to here?" and "Is this very message here?", asked at each delivery. The
    // fingerprint stands behind, so that ten thousand messages with one Message-ID do not slow the second question.
    index("message_by_rfc_message_id").on(table.rfc_message_id, table.fingerprint),
    // The flagged view, newest first. Partial: it costs nothing for the many that are not flagged.
    index("message_flagged").on(table.id).where(sql`is_flagged = 1`),
    // "has:attachment" and "is:draft" in a search, newest first. Partial for the same reason.
    index("message_with_attachment").on(table.id).where(sql`has_attachment = 1`),
    index("message_draft").on(table.id).where(sql`is_draft = 1`),
    // "What is to come back, and when is the next?", asked by the alarm.
    index("message_snoozed").on(table.snoozed_until).where(sql`snoozed_until is not null`),
  ],
);

/** A folder's list is a scan of this primary key, newest first, that stops at the page's end. WITHOUT ROWID. */
export const folder_message = sqliteTable(
  "folder_message",
  { folder_id: integer().notNull(), message_id: integer().notNull() },
  (table) => [primaryKey({ columns: [table.folder_id, table.message_id] })],
);

/** The unread ones of folder_message: `?is_read=false` costs what it returns, not what it skips. WITHOUT ROWID. */
export const unread = sqliteTable(
  "unread",
  { folder_id: integer().notNull(), message_id: integer().notNull() },
  (table) => [primaryKey({ columns: [table.folder_id, table.message_id] })],
);

/**
 * The newest message of each thread in each folder: a list collapsed by thread is a scan of this primary key, as the
 * list of all messages is one of folder_message. WITHOUT ROWID.
 */
export const folder_thread = sqliteTable(
  "folder_thread",
  { folder_id: integer().notNull(), message_id: integer().notNull(), thread_id: integer().notNull() },
  (table) => [primaryKey({ columns: [table.folder_id, table.message_id] })],
);

/** Threads whose owner wants to hear no more of them: what comes in is archived, read. */
export const muted_thread = sqliteTable("muted_thread", { thread_id: integer().primaryKey() });

/**
 * Messages that refer to one which is not here, by its Message-ID: should it come after its answers, it finds their
 * thread. WITHOUT ROWID.
 */
export const awaited_parent = sqliteTable(
  "awaited_parent",
  { rfc_message_id: text().notNull(), message_id: integer().notNull() },
  (table) => [primaryKey({ columns: [table.rfc_message_id, table.message_id] })],
);

/** What takes the room, kept in the transaction that changes it: by year, and by the type of attachments. WITHOUT ROWID. */
export const usage = sqliteTable(
  "usage",
  {
    kind: text({ enum: ["year", "attachment_type"] }).notNull(),
    /** "2026", or "application/pdf". */
    key: text().notNull(),
    total: integer().notNull(),
    size: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.key] })],
);

/** Searches that the owner gave a name, and the last few that were made. WITHOUT ROWID. */
export const saved_search = sqliteTable("saved_search", {
  id: text().primaryKey(),
  /** Null for one that was only made. */
  name: text(),
  query: text().notNull(),
  used_at: integer().notNull(),
});

/** Mail being brought in from a file, and what became of it: see docs/import.md. WITHOUT ROWID. */
export const import_job = sqliteTable(
  "import_job",
  {
    id: text().primaryKey(),
    /** What the client said of the file, and where its parts lie: JSON, as contract/imports.ts reads it. */
    request: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    state: text({ enum: ["uploading", "running", "done", "failed", "cancelled"] }).notNull(),
    /** How far the file was read, and the reader's own place in it: JSON. Written with the messages that were read. */
    progress: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    /** What could not be read and why: JSON list, the first thousand. */
    report: text({ mode: "json" }).$type<Record<string, unknown>[]>().notNull().default([]),
    created_at: integer().notNull(),
    /** When the alarm hands it to the queue (again); null when nothing is left to do. */
    next_attempt_at: integer(),
  },
  (table) => [
    // "What is due, and when is the next?", asked with each change. Those that ended are not in it.
    index("import_due").on(table.next_attempt_at).where(sql`next_attempt_at is not null`),
  ],
);

/** Since when a message is in trash or junk, so that it goes for good some time later. */
export const discarded = sqliteTable(
  "discarded",
  { message_id: integer().primaryKey(), since: integer().notNull() },
  (table) => [
    // "What has been there for thirty days?"
    index("discarded_since").on(table.since),
  ],
);

/** Text and HTML of recent messages, raw-deflated. A message without a row is parsed from R2 when it is opened. */
export const body = sqliteTable("body", {
  message_id: integer().primaryKey(),
  text: bytes(),
  html: bytes(),
});

/**
 * Deliveries of the last seven days whose message is gone, so that one that comes again is still recognised, and what
 * was forwarded. A message that is here is found by its own column. WITHOUT ROWID.
 */
export const fingerprint = sqliteTable("fingerprint", {
  hash: text().primaryKey(),
  message_id: integer().notNull(),
});

/** The log that clients sync from. Append-only; folder counts are synced by folder.modseq instead. */
export const change = sqliteTable("change", {
  modseq: integer().primaryKey(),
  type: text({ enum: ["message", "thread", "folder", "submission", "draft", "import", "resource"] }).notNull(),
  /** Of a resource: its place in ChangedResource (contract/changes.ts). */
  object_id: integer().notNull(),
  op: text({ enum: ["created", "changed", "destroyed"] }).notNull(),
  /** Of a message: its thread changed with it, and needs no row of its own. */
  thread_id: integer(),
});

/** Bytes in R2 that nothing here refers to any more. A row leaves only when the deletion went through. WITHOUT ROWID. */
export const released = sqliteTable("released", {
  raw_key: text().primaryKey(),
});

export interface StoredAddress {
  name: string;
  email: string;
}

export interface StoredAttachment {
  n: number;
  filename: string;
  content_type: string;
  size: number;
  content_id: string | null;
  disposition: "attachment" | "inline";
}
