/**
 * Keeps what was fetched, in IndexedDB, for a start without a network and for a quick one. Nothing waits for it: what
 * changed in the cache is written a little later, when the page has nothing else to do.
 *
 * Only what the server said is kept, never what the screen guesses: while an update is not at the server nothing is
 * written, and the queue shows it again in what is read back (acting/restore-queued.ts).
 */
import type { QueryCacheNotifyEvent } from "@tanstack/react-query";
import type { Changes } from "../../../contract/changes.ts";
import { isAnyPending } from "../acting/pending.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { forgetAll } from "./kept-store.ts";
import { beginAt, hear, nothingKnown } from "./known-changes.ts";

/** The page's scripts have in their names what they and all that they fetch are made of. */
export const version = (): string => Array.from(document.scripts, ({ src }) => src).join(" ");

/** So long after the last change, and so long after the first at the latest. */
const PAUSE = 1000;
const AT_LATEST = 10_000;
const loadWriting = () => import("./write-kept.ts");

const KEPT: ReadonlySet<unknown> = new Set(
  [keys.folders, keys.lists, keys.messages, keys.threads, keys.settings, keys.identities, keys.searches].flat(),
);

/** Whose mail is kept just now; null: nobody's. */
let account: string | null = null;
let known = nothingKnown();
const dirty = new Set<string>();
const used = new Map<string, number>();
/** Data that came from here, and need not go there again. */
const recalled = new WeakSet<object>();
let unsubscribe = () => {};
let timer: ReturnType<typeof setTimeout> | undefined;
let firstChange: number | null = null;
let flushing: Promise<void> = Promise.resolve();

export const knownChanges = () => known;
export const keptAccount = () => account;

/** From now on. `state`: what of it the cache has by now is right for; null where it has none. */
export function startKeeping(of: string, state: number | null): void {
  account = of;
  if (state !== null) beginAt(known, state);
  unsubscribe();
  unsubscribe = queryClient.getQueryCache().subscribe(onChange);
  document.addEventListener("visibilitychange", flushIfHidden);
}

/** What is kept stays, for its owner. */
export function stopKeeping(): void {
  account = null;
  known = nothingKnown();
  unsubscribe();
  document.removeEventListener("visibilitychange", flushIfHidden);
  clearTimeout(timer);
  firstChange = null;
  dirty.clear();
  used.clear();
}

/** Nothing of it stays behind. */
export async function forgetKept(): Promise<void> {
  stopKeeping();
  await flushing;
  await forgetAll().catch(() => {
    // A browser that keeps nothing has nothing to forget.
  });
}

/** The state is known, and nothing of what was before: to be called as the cache is marked for it. */
export function changesBegin(state: string): void {
  beginAt(known, Number(state));
  soon();
}

/** To be called as the cache is marked for them. */
export function changesHeard(changes: Changes): void {
  // Where nothing is kept nobody asks what changed.
  if (account === null) beginAt(known, Number(changes.state));
  else hear(known, changes);
  soon();
}

export const noteUse = (name: string): void => void used.set(name, Date.now());
export const noteRecalled = (data: object): void => void recalled.add(data);

function onChange(event: QueryCacheNotifyEvent): void {
  if (event.type !== "updated" || !KEPT.has(event.query.queryKey[0])) return;
  const { type } = event.action;
  if (type !== "success" && type !== "invalidate") return;
  const { data } = event.query.state;
  // Once: what is fetched again is written, also where it is the same.
  if (type === "success" && typeof data === "object" && data !== null && recalled.delete(data)) return;
  dirty.add(event.query.queryHash);
  soon();
}

function soon(): void {
  if (account === null) return;
  firstChange ??= Date.now();
  clearTimeout(timer);
  timer = setTimeout(whenIdle, Math.min(PAUSE, Math.max(0, firstChange + AT_LATEST - Date.now())));
}

/** Not every browser says when it is idle. */
function whenIdle(): void {
  if ("requestIdleCallback" in window) requestIdleCallback(flush, { timeout: 5000 });
  else flush();
}

const flushIfHidden = () => document.visibilityState === "hidden" && firstChange !== null && flush();

function flush(): void {
  flushing = flushing.then(write);
}

async function write(): Promise<void> {
  // What happens to the update that is waiting says that there is something to write, again.
  if (account === null || known.since === null || isAnyPending()) return;
  try {
    const { writeKept } = await loadWriting();
    clearTimeout(timer);
    firstChange = null;
    // Between here and where the cache is read nothing else happens.
    if (account !== null && !isAnyPending()) await writeKept(account, known, dirty, used);
  } catch {
    // The disk is full, or the store is broken: without it the client begins with what it fetches.
    stopKeeping();
    await forgetAll().catch(() => {});
  }
}
