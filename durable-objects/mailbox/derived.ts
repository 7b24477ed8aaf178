/**
 * What is kept besides the messages so that nothing has to be counted or looked for: each table, and the query that it
 * is the answer to. `verify` compares the two, `rebuild` fills the one from the other.
 */
import { sql } from "drizzle-orm";
import type { Mailbox } from "./mailbox-database.ts";

interface Derived {
  table: string;
  /** The columns, in the order of the query. */
  columns: string;
  /** Rows to be compared or filled in. */
  from: string;
  /** Stored rows that say something. */
  where?: string;
}

const IN_FOLDERS = "SELECT f.value AS folder_id, m.id AS message_id, m.* FROM message m, json_each(m.folder_ids) f";

export const DERIVED: Derived[] = [
  {
    table: "folder_message",
    columns: "folder_id, message_id",
    from: `SELECT folder_id, message_id FROM (${IN_FOLDERS})`,
  },
  {
    table: "unread",
    columns: "folder_id, message_id",
    from: `SELECT folder_id, message_id FROM (${IN_FOLDERS}) WHERE is_read = 0`,
  },
  {
    table: "folder_thread",
    columns: "folder_id, message_id, thread_id",
    from: `SELECT folder_id, max(message_id), thread_id FROM (${IN_FOLDERS}) GROUP BY folder_id, thread_id`,
  },
  {
    table: "usage",
    columns: "kind, key, total, size",
    where: "total <> 0 OR size <> 0",
    from: `SELECT 'year', strftime('%Y', id / 1024000, 'unixepoch'), count(*), sum(size) FROM message GROUP BY 2
      UNION ALL SELECT 'attachment_type', json_extract(a.value, '$.content_type'), count(*),
        sum(json_extract(a.value, '$.size')) FROM message, json_each(message.attachments) a GROUP BY 2`,
  },
  {
    table: "folder",
    columns: "id, total, unread, size",
    // 7 is the flagged view; 8 holds what the sum of the others has too much (schema/mailbox/tables.ts).
    from: `SELECT f.id, coalesce(c.total, 0), coalesce(c.unread, 0), coalesce(c.size, 0) FROM folder f LEFT JOIN (
      SELECT folder_id, count(*) AS total, sum(is_read = 0) AS unread, sum(size) AS size
        FROM (${IN_FOLDERS}) GROUP BY folder_id
      UNION ALL SELECT 7, count(*), sum(is_read = 0), sum(size) FROM message WHERE is_flagged = 1
      UNION ALL SELECT 8, sum(1 - json_array_length(folder_ids)),
        sum((1 - json_array_length(folder_ids)) * (is_read = 0)), sum((1 - json_array_length(folder_ids)) * size)
        FROM message
    ) c ON c.folder_id = f.id`,
  },
];

/** Makes all of it anew. The messages' rows are the truth. */
export function deriveAgain({ db }: Mailbox): void {
  for (const { table, columns, from } of DERIVED) {
    if (table === "folder") {
      db.run(
        sql.raw(`UPDATE folder SET (total, unread, size) =
          (SELECT d.total, d.unread, d.size FROM (SELECT id, total, unread, size FROM (
            SELECT 0 AS id, 0 AS total, 0 AS unread, 0 AS size WHERE 0 UNION ALL ${from})) d WHERE d.id = folder.id)`),
      );
    } else {
      db.run(sql.raw(`DELETE FROM ${table}`));
      db.run(sql.raw(`INSERT INTO ${table} (${columns}) ${from}`));
    }
  }
}
