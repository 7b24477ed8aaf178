/** What every module of the Mailbox works on. */
import { getTableColumns, type Placeholder, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
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

/**
 * A statement with placeholders that is built once for each database. Drizzle takes longer to build a statement than
 * SQLite to run it, so those that every delivery runs are made this way (docs/decisions/0008-prepared-statements.md).
 */
export function prepared<Statement>(build: (db: MailboxDb) => Statement): (db: MailboxDb) => Statement {
  const built = new WeakMap<MailboxDb, Statement>();
  return (db) => {
    const known = built.get(db);
    if (known !== undefined) return known;
    const statement = build(db);
    built.set(db, statement);
    return statement;
  };
}

/** A placeholder of the same name for each column of a table: its whole row is the argument of the statement. */
export function placeholders<T extends SQLiteTable>(table: T): { [Column in keyof T["_"]["columns"]]: Placeholder } {
  const names = Object.keys(getTableColumns(table));
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as ReturnType<typeof placeholders<T>>;
}

export type MessageRow = typeof tables.message.$inferSelect;
export type FolderRow = typeof tables.folder.$inferSelect;
export type SubmissionRow = typeof tables.submission.$inferSelect;
