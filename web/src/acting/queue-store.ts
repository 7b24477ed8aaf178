/**
 * Updates on their way, where a closed tab does not lose them: one entry each in IndexedDB, by the time at which it was
 * made, so that tabs of a browser put theirs in order and no tab writes over another's. A clock that is set back does not
 * change the order: what is made later is named later than all that is known.
 */
import { clear, createStore, del, delMany, entries, set } from "idb-keyval";
import { tried } from "../keeping/tried.ts";
import type { Step } from "./update.ts";

export interface Entry {
  key: string;
  /** Whose mail it is: the id of the user. */
  account: string;
  step: Step;
}

const store = createStore("mailmesh-updates", "updates");
/**
 * What the store does not have, as in browsers that keep nothing: as long as the page is open. What it has is not here as
 * well: another tab may have sent it, and only the store knows.
 */
const kept = new Map<string, Entry>();

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
  kept.set(entry.key, entry);
  await tried(async () => {
    await set(entry.key, entry, store);
    kept.delete(entry.key);
    channel.postMessage(entry.key);
  });
}

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

/** All of an account, the oldest first. Those of another are nobody's any more, and go. */
export async function entriesOf(account: string): Promise<Entry[]> {
  const all = new Map(kept);
  for (const [key, entry] of (await tried(() => entries<string, Entry>(store))) ?? []) all.set(key, entry);
  for (const key of all.keys()) learn(key);
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
