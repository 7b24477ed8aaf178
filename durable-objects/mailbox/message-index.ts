/** The full-text index's rows. Contentless FTS5 (see the migration), so a change is a deletion and an insertion. */
import { sql } from "drizzle-orm";
import type { Content } from "./letter.ts";
import type { MailboxDb } from "./mailbox-database.ts";

export function addToIndex(db: MailboxDb, id: number, { subject, sender, recipients, body, attachment_names }: Content["index"]) {
  // FTS5 refuses a rowid bound as a float, and the platform binds every JavaScript number as one.
  db.run(sql`
    INSERT INTO message_index (rowid, subject, sender, recipients, body, attachment_names)
    VALUES (CAST(${id} AS INTEGER), ${subject}, ${sender}, ${recipients}, ${body}, ${attachment_names})`);
}

export function removeFromIndex(db: MailboxDb, id: number) {
  db.run(sql`DELETE FROM message_index WHERE rowid = CAST(${id} AS INTEGER)`);
}
