/** The tables of one Blob: who refers to the bytes of one content hash. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One reference by one mailbox. `reference` is unique within it, and makes referring and releasing repeatable. WITHOUT ROWID. */
export const reference = sqliteTable(
  "reference",
  {
    user_id: text().notNull(),
    reference: text().notNull(),
    created_at: integer().notNull(),
    /** The mailbox was asked, and has a message with these bytes. Until then the reference may be what a crash left. */
    is_confirmed: integer({ mode: "boolean" }).notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.user_id, table.reference] })],
);
