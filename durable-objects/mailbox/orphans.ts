/**
 * Bytes in R2 that no message came to refer to: they are stored first, and a crash may lie between that and the
 * message. The sender comes again and has them stored anew; the first ones would stay for ever.
 *
 * The names of a mailbox's objects begin with their time, so each is looked at once, when it is a day old.
 */
import { and, gte, isNotNull, lt, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { rawKey, waitingKey } from "../../contract/r2-keys.ts";
import { message, released, submission } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { firstIdAt } from "./object-ids.ts";

const HOUR_MS = 3_600_000;
/** What is younger may still be on its way into the mailbox. */
const MIN_AGE_MS = 24 * HOUR_MS;
const EVERY_MS = 7 * 24 * HOUR_MS;
/** Listings of a thousand keys that one alarm makes. */
const PAGES = 10;

/** Where the progress is kept, in the object's own storage. */
const PROGRESS = "orphans";
interface Progress {
  /** The last key that was looked at. */
  after: string;
  /** When the next look is due. */
  next_at: number;
}

/** Puts orphans among the bytes to be released. Does nothing for a week after it came to the end. */
export async function findOrphans(
  box: Mailbox,
  storage: DurableObjectStorage,
  env: ObjectEnv,
  now: number,
): Promise<void> {
  const prefix = rawKey(box.user_id, "");
  let { after, next_at } = storage.kv.get<Progress>(PROGRESS) ?? { after: "", next_at: 0 };
  for (let page = 0; page < PAGES && now >= next_at; page++) {
    const listed = await env.MAIL.list({ prefix, ...(after === "" ? {} : { startAfter: after }) });
    const keys = listed.objects.filter(({ uploaded }) => uploaded.getTime() < now - MIN_AGE_MS).map(({ key }) => key);
    for (const raw_key of await notHeld(box, env, keys)) {
      console.warn("bytes without a message are released", { raw_key });
      box.db.insert(released).values({ raw_key }).onConflictDoNothing().run();
    }
    after = keys.at(-1) ?? after;
    const isEnd = !listed.truncated || keys.length < listed.objects.length;
    next_at = isEnd ? now + EVERY_MS : now;
    storage.kv.put(PROGRESS, { after, next_at } satisfies Progress);
  }
}

/** An import stores messages under names of years ago, where nobody would look any more. */
export function lookForOrphansAgain(storage: DurableObjectStorage, now: number): void {
  storage.kv.put(PROGRESS, { after: "", next_at: now + MIN_AGE_MS + HOUR_MS } satisfies Progress);
}

/** Those of these locations that nothing in this mailbox, or on its way into it, refers to. */
export async function notHeld(box: Mailbox, env: ObjectEnv, locations: string[]): Promise<string[]> {
  // Most belong to a message of the same time: a short range of ids. Only for the few others all rows are read.
  const times = locations.map(timeOf).filter(Number.isFinite);
  const from = firstIdAt(Math.min(...times) - HOUR_MS);
  const until = firstIdAt(Math.max(...times) + HOUR_MS);
  const inTime = and(gte(message.id, from), lt(message.id, until));
  const raw_key = { raw_key: message.raw_key };
  const held = new Set(times.length > 0 ? keysOf(box.db.select(raw_key).from(message).where(inTime).all()) : []);
  const others = locations.filter((location) => !held.has(location));
  if (others.length === 0) return [];
  const isOne = (column: SQLiteColumn) => sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(others)}))`;
  const isPending = and(isOne(submission.raw_key), isNotNull(submission.next_attempt_at));
  const elsewhere = new Set([
    ...keysOf(box.db.select(raw_key).from(message).where(isOne(message.raw_key)).all()),
    ...keysOf(box.db.select({ raw_key: submission.raw_key }).from(submission).where(isPending).all()),
    ...keysOf(box.db.select().from(released).where(isOne(released.raw_key)).all()),
  ]);
  const orphans: string[] = [];
  for (const location of others) {
    const isWaiting = async () => (await env.MAIL.head(waitingKey(box.user_id, nameOf(location)))) !== null;
    if (!elsewhere.has(location) && !(await isWaiting())) orphans.push(location);
  }
  return orphans;
}

const keysOf = (rows: { raw_key: string }[]): string[] => rows.map(({ raw_key }) => raw_key);

const nameOf = (location: string): string => location.split("/").at(-1) ?? "";

/** The milliseconds that a name begins with: see workers/storage/raw-messages.ts. NaN where it does not. */
const timeOf = (location: string): number => Number.parseInt(nameOf(location).split("-")[0] ?? "", 36);
