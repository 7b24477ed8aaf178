/** A new mailbox: whose it is, and the folders that everyone has. */
import { account, folder } from "../../schema/mailbox/tables.ts";
import { DEFAULT_FOLDERS } from "./folder-roles.ts";
import { type PasswordRecord, setPassword } from "./login.ts";
import type { MailboxDb } from "./mailbox-database.ts";
import { newIdMask } from "./object-ids.ts";

export interface NewAccount {
  user_id: string;
  email: string;
  name: string;
  /** Null for a Mailbox without an owner, which nobody can log in to. */
  password: PasswordRecord | null;
}

/** Makes the mailbox, or finishes an interrupted making. Repeating it changes only the password. */
export function makeMailbox(db: MailboxDb, wanted: NewAccount, now: number): void {
  if (db.select().from(account).get() === undefined) insertAccount(db, wanted, now);
  else if (wanted.password) setPassword(db, wanted.password);
}

function insertAccount(db: MailboxDb, { user_id, email, name, password }: NewAccount, now: number): void {
  const { salt: password_salt = "", hash: password_hash = "" } = password ?? {};
  db.transaction(() => {
    db.insert(account)
      .values({ user_id, email, name, id_mask: newIdMask(), password_salt, password_hash, created_at: now })
      .run();
    db.insert(folder).values(DEFAULT_FOLDERS).run();
  });
}
