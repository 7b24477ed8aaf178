/**
 * Updates on their way, where a closed tab does not lose them: one entry each in IndexedDB, by the time at which it was
 * made, so that tabs of a browser put theirs in order and no tab writes over another's. A clock that is set back does not
 * change the order: what is made later is named later than all that is known.
 */
import { clear, createStore, del, delMany, entries } from "idb-keyval";
import { tried } from "../keeping/tried.ts";
import type { Step } from "./update.ts";

export interface Entry {
  key: string;
  /** Whose mail it is: the id of the user. */
  account: string;
  step: Step;
}

const store = createStore("mailmesh-updates", "updates");
/** A name of the store, in it. One that was emptied under an open page has another afterwards, or none. */
const MARK = "mark";

/**
 * What this page made, and in which store it is; null: in none, as in browsers that keep nothing. What is gone from the
 * same store was sent by another tab. What is gone with it is not lost as long as the page is open.
 */
const kept = new Map<string, { entry: Entry; mark: string | null }>();

/** The time in the latest name that is known, of whichever tab and page. */
let latest = 0;
const channel = new BroadcastChannel("mailmesh.updates-made");
const learn = (key: string): void => {
  latest = Math.max(latest, Number.parseInt(key, 10) || 0);
};

/** Sorts by time, and where the clock stands or goes back by order. */
export function newKey(): string {
  latest = Math.max(Date.now(), latest + 1);
  return `${String(latest).padStart(15, "0")} ${crypto.randomUUID()}`;
}

/** Resolves when it is kept. Other tabs hear of it. */
export async function keep(entry: Entry): Promise<void> {
  kept.set(entry.key, { entry, mark: null });
  await tried(async () => {
    const mark = await put(entry);
    if (kept.has(entry.key)) kept.set(entry.key, { entry, mark });
    channel.postMessage(entry.key);
  });
}

/** Resolves with the mark of the store that has it now. */
const put = (entry: Entry): Promise<string> =>
  store(
    "readwrite",
    (records) =>
      new Promise((resolve, reject) => {
        const { transaction } = records;
        const asked: IDBRequest<string | undefined> = records.get(MARK);
        asked.onsuccess = () => {
          const mark = asked.result ?? crypto.randomUUID();
          if (asked.result === undefined) records.put(mark, MARK);
          records.put(entry, entry.key);
          transaction.oncomplete = () => resolve(mark);
        };
        transaction.onabort = () => reject(transaction.error);
      }),
  );

/** Hears of what other tabs have put here. */
export function onMade(hear: () => void): () => void {
  channel.addEventListener("message", hear);
  return () => channel.removeEventListener("message", hear);
}
channel.addEventListener("message", ({ data }: MessageEvent<string>) => learn(data));

export async function remove(key: string): Promise<void> {
  kept.delete(key);
  await tried(() => del(key, store));
}

/** All of an account, the oldest first. */
export async function entriesOf(account: string): Promise<Entry[]> {
  const all = await everyEntry();
  return all.filter((entry) => entry.account === account).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * For a page that begins: those of others are nobody's any more, and go. A page that was there before may be the one that
 * is of yesterday, so it leaves them.
 */
export async function forgetOthers(account: string): Promise<void> {
  const others = (await everyEntry()).filter((entry) => entry.account !== account).map(({ key }) => key);
  if (others.length > 0) await tried(() => delMany(others, store));
  for (const key of others) kept.delete(key);
}

async function everyEntry(): Promise<Entry[]> {
  const stored = await storedNow();
  const all = new Map([...Array.from(kept, ([key, { entry }]) => [key, entry] as const), ...stored]);
  for (const key of all.keys()) learn(key);
  return [...all.values()];
}

/** What the store has. What another tab has sent is forgotten here, too. */
async function storedNow(): Promise<Map<string, Entry>> {
  const records = await tried(() => entries<string, Entry | string>(store));
  const stored = new Map<string, Entry>();
  if (records === undefined) return stored;
  let mark: string | undefined;
  for (const [key, record] of records) {
    if (typeof record === "string") mark = record;
    else stored.set(key, record);
  }
  for (const [key, one] of kept) if (one.mark === mark && !stored.has(key)) kept.delete(key);
  return stored;
}

/** Who signs out leaves nothing behind. A login that ends by itself does: its owner comes back. */
export async function forgetUpdates(): Promise<void> {
  kept.clear();
  await tried(() => clear(store));
}
