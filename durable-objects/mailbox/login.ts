/**
 * Passwords and sessions. The Worker computes scrypt, which costs 32 MB and a tenth of a second that the object's other
 * callers should not wait for; this object only gives the salt and compares the result.
 *
 * An object that was never created answers like one with another password, so that a stranger cannot tell an unknown
 * account from a wrong password (the limit on tries is the Domain's).
 */
import { eq, lt } from "drizzle-orm";
import { base64url, type Session, sha256 } from "../../contract/sessions.ts";
import { account, session } from "../../schema/mailbox/tables.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

export interface PasswordRecord {
  /** Base64url. */
  salt: string;
  /** scrypt(password, salt), base64url. */
  hash: string;
}

const SESSION_MS = 90 * 24 * 3_600_000;

/** The salt that a password is tried with. */
export function passwordSalt(db: MailboxDb | null): string {
  return db?.select({ salt: account.password_salt }).from(account).get()?.salt ?? "AAAAAAAAAAAAAAAAAAAAAA";
}

export async function isPassword(db: MailboxDb | null, hash: string): Promise<boolean> {
  const stored = db?.select({ hash: account.password_hash }).from(account).get()?.hash ?? "";
  // Comparing digests takes the same time wherever the first difference is.
  const [a, b] = await Promise.all([sha256(stored), sha256(hash)]);
  return stored !== "" && a === b;
}

export async function openSession(box: Mailbox, now: number): Promise<Session> {
  const secret = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const expires_at = now + SESSION_MS;
  box.db.insert(session).values({ secret_hash: await sha256(secret), created_at: now, expires_at }).run();
  return { token: `${box.user_id}.${secret}`, user_id: box.user_id, expires_at: isoTime(expires_at) };
}

export function isSession(db: MailboxDb, secretHash: string, now: number): boolean {
  const row = db.select().from(session).where(eq(session.secret_hash, secretHash)).get();
  return row !== undefined && row.expires_at > now;
}

export function closeSession(db: MailboxDb, secretHash: string): void {
  db.delete(session).where(eq(session.secret_hash, secretHash)).run();
}

/** A new password ends every session: whoever stole one is out. */
export function setPassword(db: MailboxDb, password: PasswordRecord): void {
  db.transaction(() => {
    db.update(account).set({ password_salt: password.salt, password_hash: password.hash }).run();
    db.delete(session).run();
  });
}

export function forgetExpiredSessions(db: MailboxDb, now: number): void {
  db.delete(session).where(lt(session.expires_at, now)).run();
}
