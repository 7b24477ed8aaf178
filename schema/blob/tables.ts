/** The tables of one Blob: who refers to the bytes of one content hash. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One reference by one mailbox. `reference` is unique within it, and makes referring and releasing repeatable. WITHOUT ROWID. */
export const reference = sqliteTable(
  "reference",
  {
    user_id: text().notNull(),
    reference: text().notNull(),
    created_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.user_id, table.reference] })],
);
