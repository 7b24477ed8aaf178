/** What every module of the Mailbox works on. */
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type { UserId } from "../../contract/ids.ts";
import type * as tables from "../../schema/mailbox/tables.ts";

export type MailboxDb = DrizzleSqliteDODatabase<typeof tables>;

export interface Mailbox {
  db: MailboxDb;
  user_id: UserId;
  /** The primary address. */
  email: string;
  name: string;
  /** See object-ids.ts. */
  id_mask: number;
}

export type MessageRow = typeof tables.message.$inferSelect;
export type FolderRow = typeof tables.folder.$inferSelect;
export type SubmissionRow = typeof tables.submission.$inferSelect;
