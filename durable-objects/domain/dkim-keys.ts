/**
 * The keys that sign a domain's mail: made at first need, changed in the open (a new pair is published before it signs,
 * an old one stays published while mail that it signed is on its way), and gone at the end. WebCrypto takes its time for
 * a pair, and other calls come in between; so a pair is made first, and stored in one step only where it is still wanted.
 */
import { asc, inArray } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { type KeyPair, makeKeyPair } from "../../mail/dkim/keys.ts";
import { nextSelectors } from "../../mail/dkim/selectors.ts";
import { dkim_key } from "../../schema/domain/tables.ts";
import type { DomainDb } from "./domain-database.ts";

type KeyRow = typeof dkim_key.$inferSelect;

const HOUR_MS = 3_600_000;
/** Longer than the four days for which mail is tried, and than a receiver's queue holds it. */
const KEPT_AFTER_RETIREMENT_MS = 7 * 24 * HOUR_MS;

/** What may leave the object for anybody: never the private key. */
export type PublishedKey = Omit<KeyRow, "private_key">;

/** What the signing Worker gets, and for how long it may go on with it. */
export interface SigningKeys {
  keys: Pick<KeyRow, "selector" | "algorithm" | "private_key">[];
  /** When others sign; null where no change is planned. */
  until: number | null;
}

/** The keys that sign now. */
export async function signingKeys(db: DomainDb, now: number): Promise<SigningKeys> {
  const rows = await allKeys(db, now);
  const active = rows.filter(({ active_from, retired_at }) => active_from <= now && (retired_at ?? Infinity) > now);
  const changes = rows.flatMap(({ active_from, retired_at }) => [active_from, retired_at ?? 0]);
  const coming = changes.filter((at) => at > now);
  return {
    keys: active.map(({ selector, algorithm, private_key }) => ({ selector, algorithm, private_key })),
    until: coming.length === 0 ? null : Math.min(...coming),
  };
}

/** The keys whose records must be in DNS now. */
export async function publishedKeys(db: DomainDb, now: number): Promise<PublishedKey[]> {
  return (await allKeys(db, now)).map(({ private_key, ...published }) => published);
}

/** Publishes a new pair that signs in so many hours, when the one of today retires. */
export async function rotateKeys(db: DomainDb, afterHours: number, now: number): Promise<PublishedKey[]> {
  await allKeys(db, now);
  const pairs = await makePairs();
  db.transaction(() => {
    const rows = readKeys(db);
    const waiting = rows.filter(({ active_from }) => active_from > now);
    if (waiting.length > 0) {
      const names = waiting.map(({ selector }) => selector).join(" and ");
      const since = new Date(Math.max(...waiting.map(({ active_from }) => active_from))).toISOString();
      throw new Failure("conflict", `New keys are published already: ${names} sign from ${since}.`);
    }
    const active_from = now + afterHours * HOUR_MS;
    const signing = rows.filter(({ retired_at }) => retired_at === null).map(({ selector }) => selector);
    db.update(dkim_key).set({ retired_at: active_from }).where(inArray(dkim_key.selector, signing)).run();
    storePairs(db, pairs, rows, active_from, now);
  });
  return publishedKeys(db, now);
}

/** All that is left of them, by selector. The first pair is made here, and signs from the start. */
async function allKeys(db: DomainDb, now: number): Promise<KeyRow[]> {
  const rows = readKeys(db);
  if (rows.length === 0) {
    const pairs = await makePairs();
    db.transaction(() => {
      if (readKeys(db).length === 0) storePairs(db, pairs, [], now, now);
    });
    return readKeys(db);
  }
  const isOver = ({ retired_at }: KeyRow) => retired_at !== null && retired_at + KEPT_AFTER_RETIREMENT_MS <= now;
  const gone = rows.filter(isOver).map(({ selector }) => selector);
  if (gone.length > 0) db.delete(dkim_key).where(inArray(dkim_key.selector, gone)).run();
  return rows.filter((row) => !isOver(row));
}

const readKeys = (db: DomainDb): KeyRow[] => db.select().from(dkim_key).orderBy(asc(dkim_key.selector)).all();

const makePairs = (): Promise<[KeyPair, KeyPair]> =>
  Promise.all([makeKeyPair("rsa-sha256"), makeKeyPair("ed25519-sha256")]);

function storePairs(db: DomainDb, pairs: KeyPair[], rows: KeyRow[], active_from: number, now: number): void {
  // The pair that signs is never deleted, so the newest selector that ever was is among the rows.
  const selectors = nextSelectors(rows.at(-1)?.selector ?? null, now, pairs.length);
  for (const [n, pair] of pairs.entries()) {
    db.insert(dkim_key)
      .values({ ...pair, selector: selectors[n] ?? "", created_at: now, active_from, retired_at: null })
      .run();
  }
}
