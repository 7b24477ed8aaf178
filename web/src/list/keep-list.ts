/**
 * Fetches what a list on the screen lacks: pages that changed and are looked at, and the next one when its end comes
 * near. For each list one request at a time, so that no answer overtakes another or undoes what was changed meanwhile.
 */
import type { QueryClient } from "@tanstack/react-query";
import type { ChangeSet } from "../../../contract/changes.ts";
import type { Folder } from "../../../contract/folders.ts";
import { withPending } from "../acting/pending.ts";
import { pageAfter, withReturned } from "../acting/show-update.ts";
import type { Step } from "../acting/update.ts";
import { keys } from "../api/keys.ts";
import { markStale } from "../api/mark-stale.ts";
import { keptOr } from "../keeping/recall.ts";
import {
  appendPage,
  firstPage,
  type ListKey,
  type LoadedList,
  loadedLists,
  reachesNext,
  replacePage,
  withStale,
} from "./list-cache.ts";
import { fetchPage, type ListPage, type ListSource } from "./list-source.ts";

/** What of a list is looked at. */
export interface InView {
  /** Pages, by where they begin. */
  cursors: ReadonlySet<string | null>;
  isNearEnd: boolean;
}
const NOTHING: InView = { cursors: new Set(), isNearEnd: false };

const inView = new Map<string, InView>();
const running = new Map<string, Promise<void>>();
/** Counts changes, so that a page shows whether it was fetched before or after one. */
let changesSeen = 0;
/** More than so many pages that came in between are not fetched to keep what follows. */
const MOST_BETWEEN = 3;

export function look(client: QueryClient, source: ListSource, view: InView): Promise<void> {
  inView.set(JSON.stringify(source), view);
  return keep(client, source);
}

export function lookAway(source: ListSource): void {
  inView.delete(JSON.stringify(source));
}

/** Resolves when nothing is lacking; rejects with what a fetch was refused with. */
function keep(client: QueryClient, source: ListSource): Promise<void> {
  const name = JSON.stringify(source);
  const known = running.get(name);
  if (known !== undefined) return known;
  const now = fill(client, keys.list(source), () => running.delete(name));
  running.set(name, now);
  return now;
}

/** `onEnd` is called as it stops looking, and not a moment later. */
async function fill(client: QueryClient, key: ListKey, onEnd: () => void): Promise<void> {
  // What is asked for in the same moment is looked for at once.
  await Promise.resolve();
  try {
    while (await fetchNext(client, key));
  } finally {
    onEnd();
  }
}

/** Whether something was lacking. */
async function fetchNext(client: QueryClient, key: ListKey): Promise<boolean> {
  const list = client.getQueryData<LoadedList>(key);
  if (list === undefined) return false;
  const { cursors, isNearEnd } = inView.get(JSON.stringify(key[1])) ?? NOTHING;
  const stale = list.pages.find(({ stale, cursor }) => stale !== undefined && (cursor === null || cursors.has(cursor)));
  const next = list.pages.at(-1)?.next_cursor ?? null;
  if (stale) await refreshPage(client, key, list, stale.cursor);
  else if (isNearEnd && next !== null) {
    const began = changesSeen;
    const { page, steps } = await fetchShown(client, key[1], next);
    const fresh = changesSeen > began ? { ...page, stale: changesSeen } : page;
    put(client, key, steps, (now) => appendPage(now, next, fresh));
  } else return false;
  return true;
}

async function refreshPage(client: QueryClient, key: ListKey, list: LoadedList, cursor: string | null): Promise<void> {
  const began = changesSeen;
  const { page, steps } = await fetchShown(client, key[1], cursor);
  const fresh = [page];
  for (let end = page; !reachesNext(list, cursor, end) && fresh.length <= MOST_BETWEEN; ) {
    const further = await fetchShown(client, key[1], end.next_cursor);
    end = further.page;
    fresh.push(end);
    steps.push(...further.steps);
  }
  put(client, key, steps, (now) => replacePage(now, cursor, fresh.map(asOf(now, cursor, began))));
}

/** With the rows that what was done brings back: an answer from before does not have them. */
function put(client: QueryClient, key: ListKey, steps: readonly Step[], change: (now: LoadedList) => LoadedList): void {
  const folders = client.getQueryData<Folder[]>(keys.folders) ?? [];
  client.setQueryData<LoadedList>(key, (now) => now && withReturned(key, change(now), steps, folders));
}

/** What changed while it was being fetched may not be in it. */
function asOf(now: LoadedList, cursor: string | null, began: number): (page: ListPage) => ListPage {
  const stale = now.pages.find((page) => page.cursor === cursor)?.stale ?? 0;
  return (page) => (stale > began ? { ...page, stale } : page);
}

/** With what was done and is not at the server yet; `steps` are that. */
async function fetchShown(client: QueryClient, source: ListSource, cursor: string | null, signal?: AbortSignal) {
  const steps: Step[] = [];
  const page = await withPending(
    () => fetchPage(source, cursor, signal),
    (page, step) => {
      steps.push(step);
      return pageAfter(page, source, step, client.getQueryData<Folder[]>(keys.folders) ?? []);
    },
  );
  return { page, steps };
}

/** The first page, put into what is there: a list that is asked for again stays as long as it was scrolled. */
export async function fetchList(client: QueryClient, source: ListSource, signal: AbortSignal): Promise<LoadedList> {
  const key = keys.list(source);
  if (client.getQueryData<LoadedList>(key) === undefined) return fetchFirst(client, source, signal);
  const { page, steps } = await fetchShown(client, source, null, signal);
  const now = client.getQueryData<LoadedList>(key);
  if (now === undefined) return firstPage(page);
  const list = replacePage(withStale(now, ++changesSeen, true), null, [page]);
  return withReturned(key, list, steps, client.getQueryData<Folder[]>(keys.folders) ?? []);
}

/** As far as it was kept, or its first page. */
function fetchFirst(client: QueryClient, source: ListSource, signal: AbortSignal): Promise<LoadedList> {
  return withPending(
    () => keptOr(client, keys.list(source), async () => firstPage(await fetchPage(source, null, signal))),
    ({ pages }, step) => {
      const folders = client.getQueryData<Folder[]>(keys.folders) ?? [];
      return { pages: pages.map((page) => ({ ...page, ...pageAfter(page, source, step, folders) })) };
    },
  );
}

/** Lists after a change of messages. Those that nobody looks at are fetched when they are shown again. */
export async function refreshLists(client: QueryClient, { created, changed, destroyed }: ChangeSet): Promise<void> {
  const isAll = changed.length + destroyed.length > 0;
  if (!isAll && created.length === 0) return;
  changesSeen += 1;
  for (const [key] of loadedLists(client)) {
    client.setQueryData<LoadedList>(key, (list) => list && withStale(list, changesSeen, isAll));
  }
  const shown = client.getQueryCache().findAll({ queryKey: keys.lists, type: "active" });
  await Promise.all(
    shown.map(({ queryKey, state }) =>
      // One that is on its way for the first time may have been read before the change.
      state.data === undefined ? markStale(client, { queryKey, exact: true }) : keep(client, queryKey[1] as ListSource),
    ),
  );
}
