/**
 * Passwords, and what is logged in by them. The Worker computes scrypt, which costs 32 MB and a tenth of a second that the object's other
 * callers should not wait for; this object only gives the salt and compares the result.
 *
 * An object that was never created answers like one with another password, so that a stranger cannot tell an unknown
 * account from a wrong password (the limit on tries is the Domain's).
 */
import { and, desc, eq, lt, ne, notInArray, sql } from "drizzle-orm";
import { MAX_SESSIONS } from "../../contract/limits.ts";
import { base64url, type Session, sha256 } from "../../contract/sessions.ts";
import { account, session } from "../../schema/mailbox/tables.ts";
import { recordResource } from "./change-log.ts";
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
  user_agent: string,
  now: number,
): { session: Session; ended: string[] } | null {
  if (!isPassword(box.db, passwordHash)) return null;
  const expires_at = now + SESSION_MS;
  const ended = box.db.transaction(() => {
    box.db.insert(session).values({ secret_hash: hash, created_at: now, expires_at, user_agent }).run();
    recordResource(box.db, "sessions");
    return endLeastUsed(box.db, hash);
  });
  return {
    session: { token: `${box.user_id}.${secret}`, user_id: box.user_id, expires_at: isoTime(expires_at) },
    ended,
  };
}

/** A program that logs in each time it runs, and never out, would fill the table. */
function endLeastUsed(db: MailboxDb, opened: string): string[] {
  const isSession = eq(session.kind, "session");
  const kept = db
    .select({ secret_hash: session.secret_hash })
    .from(session)
    .where(isSession)
    .orderBy(desc(eq(session.secret_hash, opened)), desc(lastUse))
    .limit(MAX_SESSIONS);
  const gone = db.delete(session).where(and(isSession, notInArray(session.secret_hash, kept)));
  return hashesOf(gone.returning().all());
}

/** In a time that tells nothing of where the first difference is. */
export function isPassword(db: MailboxDb, hash: string): boolean {
  const [stored, given] = [storedHash(db), hash].map((text) => new TextEncoder().encode(text));
  if (stored === undefined || given === undefined || stored.byteLength === 0) return false;
  return stored.byteLength === given.byteLength && crypto.subtle.timingSafeEqual(stored, given);
}

const storedHash = (db: MailboxDb): string =>
  db.select({ hash: account.password_hash }).from(account).get()?.hash ?? "";

export type Login = Pick<typeof session.$inferSelect, "secret_hash" | "kind">;

/** The session or token with this secret, or null. That it was used is written down once an hour. */
export function findLogin(db: MailboxDb, secretHash: string, now: number): Login | null {
  const row = selectLogin(db).get({ secret_hash: secretHash });
  if (row === undefined || row.expires_at <= now) return null;
  // Logging in is the first use of a session; of a token nobody knows until it comes.
  const used = row.last_used_at ?? (row.kind === "session" ? row.created_at : 0);
  if (now - used >= USE_GRAIN_MS) {
    const last_used_at = now - (now % USE_GRAIN_MS);
    db.update(session).set({ last_used_at }).where(eq(session.secret_hash, secretHash)).run();
  }
  return row;
}

const USE_GRAIN_MS = 3_600_000;

/** Logging in is a use, though none was written down yet. */
export const lastUse = sql<number>`max(${session.created_at}, coalesce(${session.last_used_at}, 0))`;

const selectLogin = prepared((db) =>
  db
    .select()
    .from(session)
    .where(eq(session.secret_hash, sql.placeholder("secret_hash")))
    .prepare(),
);

export function closeSession(db: MailboxDb, secretHash: string): void {
  db.delete(session).where(eq(session.secret_hash, secretHash)).run();
}

/** A new password ends every session and token: whoever stole one is out. `kept`: the session that changes it. */
export function setPassword(db: MailboxDb, password: PasswordRecord, kept = ""): string[] {
  return db.transaction(() => {
    db.update(account).set({ password_salt: password.salt, password_hash: password.hash }).run();
    return hashesOf(db.delete(session).where(ne(session.secret_hash, kept)).returning().all());
  });
}

export const hashesOf = (rows: Login[]): string[] => rows.map(({ secret_hash }) => secret_hash);

export function forgetExpiredSessions(db: MailboxDb, now: number): void {
  db.delete(session).where(lt(session.expires_at, now)).run();
}
