/**
 * Passwords and sessions. The Worker computes scrypt, which costs 32 MB and a tenth of a second that the object's other
 * callers should not wait for; this object only gives the salt and compares the result.
 *
 * An object that was never created answers like one with another password, so that a stranger cannot tell an unknown
 * account from a wrong password (the limit on tries is the Domain's).
 */
import { eq, lt, sql } from "drizzle-orm";
import { base64url, type Session, sha256 } from "../../contract/sessions.ts";
import { account, session } from "../../schema/mailbox/tables.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
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

/** What a new session is opened with. */
export interface NewSecret {
  secret: string;
  hash: string;
}

export async function newSecret(): Promise<NewSecret> {
  const secret = base64url(crypto.getRandomValues(new Uint8Array(32)));
  return { secret, hash: await sha256(secret) };
}

/**
 * A session for the right password, or null. Nothing is waited for between the check and the session: a password that
 * is changed in between would leave a session that was opened with the old one.
 */
export function openSession(
  box: Mailbox,
  passwordHash: string,
  { secret, hash }: NewSecret,
  now: number,
): Session | null {
  if (!isPassword(box.db, passwordHash)) return null;
  const expires_at = now + SESSION_MS;
  box.db.insert(session).values({ secret_hash: hash, created_at: now, expires_at }).run();
  return { token: `${box.user_id}.${secret}`, user_id: box.user_id, expires_at: isoTime(expires_at) };
}

/** In a time that tells nothing of where the first difference is. */
function isPassword(db: MailboxDb, hash: string): boolean {
  const [stored, given] = [storedHash(db), hash].map((text) => new TextEncoder().encode(text));
  if (stored === undefined || given === undefined || stored.byteLength === 0) return false;
  return stored.byteLength === given.byteLength && crypto.subtle.timingSafeEqual(stored, given);
}

const storedHash = (db: MailboxDb): string =>
  db.select({ hash: account.password_hash }).from(account).get()?.hash ?? "";

export function isSession(db: MailboxDb, secretHash: string, now: number): boolean {
  const row = selectSession(db).get({ secret_hash: secretHash });
  return row !== undefined && row.expires_at > now;
}

const selectSession = prepared((db) =>
  db
    .select({ expires_at: session.expires_at })
    .from(session)
    .where(eq(session.secret_hash, sql.placeholder("secret_hash")))
    .prepare(),
);

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
