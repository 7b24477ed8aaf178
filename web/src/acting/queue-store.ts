/**
 * Updates on their way, where a closed tab does not lose them: one entry each in IndexedDB, by the time at which it was
 * made, so that tabs of a browser put theirs in order and no tab writes over another's.
 */
import { clear, createStore, del, delMany, entries, set } from "idb-keyval";
import type { Step } from "./update.ts";

export interface Entry {
  key: string;
  /** Whose mail it is: the id of the user. */
  account: string;
  step: Step;
}

const store = createStore("mailmesh-updates", "updates");
/** For browsers that keep nothing, as some do in private windows. */
const kept = new Map<string, Entry>();

async function tried<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch {
    // `kept` has it as long as the page is open.
    return undefined;
  }
}

let made = 0;
/** Sorts by time, and what is made in the same moment by order. */
export const newKey = (): string =>
  `${String(Date.now()).padStart(15, "0")} ${String(made++).padStart(9, "0")} ${crypto.randomUUID()}`;

export async function keep(entry: Entry): Promise<void> {
  kept.set(entry.key, entry);
  await tried(() => set(entry.key, entry, store));
}

export async function remove(key: string): Promise<void> {
  kept.delete(key);
  await tried(() => del(key, store));
}

/** All of an account, the oldest first. Those of another are nobody's any more, and go. */
export async function entriesOf(account: string): Promise<Entry[]> {
  const all = new Map(kept);
  for (const [key, entry] of (await tried(() => entries<string, Entry>(store))) ?? []) all.set(key, entry);
  const others = [...all.values()].filter((entry) => entry.account !== account).map(({ key }) => key);
  if (others.length > 0) await tried(() => delMany(others, store));
  for (const key of others) kept.delete(key);
  return [...all.values()].filter((entry) => entry.account === account).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Who signs out leaves nothing behind. A login that ends by itself does: its owner comes back. */
export async function forgetUpdates(): Promise<void> {
  kept.clear();
  await tried(() => clear(store));
}
