/** The sessions and app tokens of an account, as their owner sees and ends them. Both are rows of one table. */
import { and, desc, eq, getTableColumns, gt, ne, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_APP_TOKENS } from "../../contract/limits.ts";
import type { AppToken, CreateAppToken, NewAppToken, OpenSession } from "../../contract/sessions.ts";
import { session } from "../../schema/mailbox/tables.ts";
import { hashesOf, lastUse, type NewSecret } from "./login.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

type Row = typeof session.$inferSelect;
type Kind = Row["kind"];

const DAY_MS = 24 * 3_600_000;
/** The last day that a date-time has four digits for (RFC 3339 §5.6). */
const NEVER = Date.UTC(10_000, 0) - 1;

export function listSessions(box: Mailbox, current: string, now: number): OpenSession[] {
  return rowsOf(box.db, "session", now).map(({ secret_hash, created_at, expires_at, user_agent, used }) => ({
    ...{ id: idOf(secret_hash), user_id: box.user_id, kind: "session", user_agent },
    ...{ created_at: isoTime(created_at), last_used_at: isoTime(used), expires_at: isoTime(expires_at) },
    is_current: secret_hash === current,
  }));
}

export const listTokens = (box: Mailbox, now: number): AppToken[] =>
  rowsOf(box.db, "token", now).map((row) => viewToken(box, row));

export function createToken(box: Mailbox, wanted: CreateAppToken, secret: NewSecret, now: number): NewAppToken {
  const { name, expires_in_days } = wanted;
  const expires_at = expires_in_days === null ? NEVER : now + expires_in_days * DAY_MS;
  if (rowsOf(box.db, "token", now).length >= MAX_APP_TOKENS) {
    throw new Failure("conflict", `An account has at most ${MAX_APP_TOKENS} tokens: delete one first.`);
  }
  const row = box.db
    .insert(session)
    .values({ secret_hash: secret.hash, kind: "token", name, created_at: now, expires_at })
    .returning()
    .get();
  return { ...viewToken(box, row), token: `${box.user_id}.${secret.secret}` };
}

/** Returns the hash of the secret that opens nothing any more. */
export function endLogin(db: MailboxDb, kind: Kind, id: string): string {
  const isOne = and(eq(session.kind, kind), eq(sql`substr(${session.secret_hash}, 1, ${ID_LENGTH})`, id));
  const [ended] = hashesOf(db.delete(session).where(isOne).returning().all());
  if (ended === undefined) throw notFound(kind);
  return ended;
}

/** All sessions but the one that asks. Tokens stay. */
export function endOtherSessions(db: MailboxDb, current: string): string[] {
  const isOther = and(eq(session.kind, "session"), ne(session.secret_hash, current));
  return hashesOf(db.delete(session).where(isOther).returning().all());
}

const ID_LENGTH = 16;
const idOf = (secretHash: string): string => secretHash.slice(0, ID_LENGTH);

/** Those that have not expired, newest first. */
const rowsOf = (db: MailboxDb, kind: Kind, now: number) =>
  db
    .select({ ...getTableColumns(session), used: lastUse })
    .from(session)
    .where(and(eq(session.kind, kind), gt(session.expires_at, now)))
    .orderBy(desc(session.created_at), desc(session.secret_hash))
    .all();

const viewToken = (box: Mailbox, { secret_hash, name, created_at, last_used_at, expires_at }: Row): AppToken => ({
  ...{ id: idOf(secret_hash), user_id: box.user_id, kind: "token", name, created_at: isoTime(created_at) },
  last_used_at: last_used_at === null ? null : isoTime(Math.max(last_used_at, created_at)),
  expires_at: expires_at === NEVER ? null : isoTime(expires_at),
});
