/** The full-text index's rows. Contentless FTS5 (see the migration), so a change is a deletion and an insertion. */
import { eq, sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Content } from "./letter.ts";
import { type MailboxDb, prepared } from "./mailbox-database.ts";

/** What Drizzle has to know of the virtual table. It is not among schema/'s tables, which become ordinary ones. */
const message_index = sqliteTable("message_index", {
  rowid: integer().notNull(),
  subject: text().notNull(),
  sender: text().notNull(),
  recipients: text().notNull(),
  cc: text().notNull(),
  bcc: text().notNull(),
  body: text().notNull(),
  attachment_names: text().notNull(),
  list_id: text().notNull(),
});

export function addToIndex(db: MailboxDb, id: number, index: Content["index"]): void {
  insertIntoIndex(db).run({ id, ...index });
}

export function removeFromIndex(db: MailboxDb, id: number): void {
  deleteFromIndex(db).run({ id });
}

/** FTS5 refuses a rowid bound as a float, and the platform binds every JavaScript number as one. */
const rowid = sql<number>`CAST(${sql.placeholder("id")} AS INTEGER)`;

const insertIntoIndex = prepared((db) =>
  db
    .insert(message_index)
    .values({
      rowid,
      subject: sql.placeholder("subject"),
      sender: sql.placeholder("sender"),
      recipients: sql.placeholder("recipients"),
      cc: sql.placeholder("cc"),
      bcc: sql.placeholder("bcc"),
      body: sql.placeholder("body"),
      attachment_names: sql.placeholder("attachment_names"),
      list_id: sql.placeholder("list_id"),
    })
    .prepare(),
);

const deleteFromIndex = prepared((db) => db.delete(message_index).where(eq(message_index.rowid, rowid)).prepare());
