/**
 * The tables of one Mailbox that are about mail on its way out: submissions and what became of them, and what sending
 * needs to know before. The others, and what holds for all, are in tables.ts.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { StoredAddress } from "./tables.ts";

/** One message on its way out. */
export const submission = sqliteTable(
  "submission",
  {
    id: integer().primaryKey(),
    /** The copy in Sent, or null for a forward, which has none. */
    message_id: integer(),
    raw_key: text().notNull(),
    /** Envelope reverse-path; empty for a report, which must never cause another (RFC 5321 §4.5.5). */
    mail_from: text().notNull(),
    /** Whom a permanent failure is told: our own inbox, the original sender, or nobody. */
    report_to: text({ enum: ["inbox", "sender", "nobody"] }).notNull(),
    created_at: integer().notNull(),
    /** The end of the undo window, or the scheduled time. */
    send_at: integer().notNull(),
    /** When the alarm hands it to the queue (again); null when every recipient has a final state. */
    next_attempt_at: integer(),
    /** Given to the consumer that works on it; while it holds, a repeated queue message is turned away. */
    lease: text(),
    attempts: integer().notNull().default(0),
    /** Whose reputation it is sent on: see docs/sending.md. */
    class: text({ enum: ["personal", "transactional", "bulk"] })
      .notNull()
      .default("personal"),
    /** Random, part of the reverse-path that leaves: a report that carries it is about this submission. */
    bounce_token: text().notNull().default(""),
  },
  (table) => [
    // "What is due, and when is the next?": the alarm's two questions. Finished submissions are not in it.
    index("submission_due").on(table.next_attempt_at).where(sql`next_attempt_at is not null`),
    index("submission_of_message").on(table.message_id),
  ],
);

/** The truth about each recipient of a submission. WITHOUT ROWID. */
export const submission_recipient = sqliteTable(
  "submission_recipient",
  {
    submission_id: integer().notNull(),
    email: text().notNull(),
    state: text({
      enum: ["queued", "sending", "sent", "delivered", "deferred", "failed", "cancelled", "uncertain"],
    }).notNull(),
    /** Enhanced status code (RFC 3463) and the remote server's own words, once there are any. */
    status: text(),
    reply: text(),
    remote_mta: text(),
    /** A failure that nobody was told of yet keeps the submission due, so that a crash cannot swallow the report. */
    is_reported: integer({ mode: "boolean" }).notNull().default(false),
    updated_at: integer().notNull(),
    /** How often it was tried, and when last. */
    attempts: integer().notNull().default(0),
    attempted_at: integer(),
    /** Set just before the end of the message is sent, and cleared by the answer: a crash between the two is seen. */
    handed_over_at: integer(),
    /** How often it was handed over and no answer came: each time may have made a copy. */
    uncertain_attempts: integer().notNull().default(0),
    /** The owner was told that it is late. */
    is_delay_reported: integer({ mode: "boolean" }).notNull().default(false),
    /** Which transport took it, and the name that it gave the message: its later events speak of it by that. */
    transport: text(),
    transport_id: text(),
    /** The recipient called it spam (RFC 5965). */
    complained_at: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.submission_id, table.email] }),
    // "Whose event is this?" Only what a transport named is in it.
    index("recipient_by_transport_id").on(table.transport_id).where(sql`transport_id is not null`),
  ],
);

/**
 * Addresses that mail is not sent to without asking: what bounced for good, who complained, and who wants no more bulk
 * mail. WITHOUT ROWID.
 */
export const suppression = sqliteTable(
  "suppression",
  {
    email: text().notNull(),
    reason: text({ enum: ["bounce", "complaint", "unsubscribed"] }).notNull(),
    /** The remote server's own words, or those of the complaint. */
    detail: text().notNull(),
    submission_id: integer(),
    created_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.email, table.reason] })],
);

/** What was sent on each day (UTC), and what came of it: the limits count it. WITHOUT ROWID. */
export const sending_day = sqliteTable("sending_day", {
  /** "2026-11-25" */
  day: text().primaryKey(),
  recipients: integer().notNull().default(0),
  bounced: integer().notNull().default(0),
  complained: integer().notNull().default(0),
});

/** Who the owner writes as (RFC 8621 §6). The account itself is the first, and has no row until it is changed. */
export const identity = sqliteTable("identity", {
  id: integer().primaryKey(),
  email: text().notNull(),
  name: text().notNull(),
  reply_to: text({ mode: "json" }).$type<StoredAddress[]>().notNull(),
  bcc: text({ mode: "json" }).$type<StoredAddress[]>().notNull(),
  text_signature: text().notNull(),
  html_signature: text().notNull(),
  is_default: integer({ mode: "boolean" }).notNull().default(false),
});

/** A file on its way into messages that are being written: sent once, in parts, and then named by its id. WITHOUT ROWID. */
export const upload = sqliteTable(
  "upload",
  {
    id: text().primaryKey(),
    filename: text().notNull(),
    content_type: text().notNull(),
    /** Bytes in all, as the client said at the beginning, and those that came. */
    size: integer().notNull(),
    received: integer().notNull().default(0),
    /** Where the parts lie, and how far the hash has got: JSON. */
    progress: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    /** The Blob that holds it, once all of it is there. */
    sha256: text(),
    created_at: integer().notNull(),
    /** What no message took goes then. */
    expires_at: integer().notNull(),
  },
  (table) => [
    // "What has expired?"
    index("upload_expires").on(table.expires_at),
  ],
);

/** What an Idempotency-Key was answered with, for 24 hours. WITHOUT ROWID. */
export const idempotency = sqliteTable("idempotency", {
  key: text().primaryKey(),
  request_hash: text().notNull(),
  submission_id: integer().notNull(),
  created_at: integer().notNull(),
});

/** What the owner writes again and again. With a rowid, since its rows are large. */
export const template = sqliteTable("template", {
  id: text().primaryKey(),
  name: text().notNull(),
  subject: text().notNull(),
  body: text().notNull(),
  /** Null for one in plain text. */
  body_html: text(),
  changed_at: integer().notNull(),
});
