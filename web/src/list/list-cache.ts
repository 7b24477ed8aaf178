/**
 * The lists that were fetched, as changes come in: a page is fetched again if it is the first one or holds a message that
 * changed, and no other. A list of which a thousand pages were scrolled through costs no more than one that was opened.
 */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keys } from "../api/keys.ts";
import { fetchPage, type ListPage, type ListSource } from "./list-source.ts";

export type LoadedList = InfiniteData<ListPage, string | null>;
/** A list as its key in the cache names it. */
type ListKey = ReturnType<typeof keys.list>;

/** Every list that is in the cache. */
export function loadedLists(client: QueryClient): [ListKey, LoadedList][] {
  return client
    .getQueriesData<LoadedList>({ queryKey: keys.lists })
    .flatMap(([key, list]) =>
      list === undefined ? [] : [[keys.list(key[1] as ListSource), list] as [ListKey, LoadedList]],
    );
}

/** `touched`: ids of messages that changed or are gone. Lists that nobody looks at are fetched when they are shown. */
export async function refreshLists(client: QueryClient, touched: ReadonlySet<string>): Promise<void> {
  const shown = client.getQueryCache().findAll({ queryKey: keys.lists, type: "active" });
  const isShown = new Set(shown.map(({ queryHash }) => queryHash));
  for (const [key] of loadedLists(client)) {
    const query = client.getQueryCache().find({ queryKey: key });
    if (query && !isShown.has(query.queryHash)) client.removeQueries({ queryKey: key, exact: true });
  }
  await Promise.all(shown.map(({ queryKey }) => refreshList(client, keys.list(queryKey[1] as ListSource), touched)));
}

async function refreshList(client: QueryClient, key: ListKey, touched: ReadonlySet<string>): Promise<void> {
  const before = client.getQueryData<LoadedList>(key);
  if (before === undefined) return client.refetchQueries({ queryKey: key, exact: true });
  const [, source] = key;
  for (const [n, page] of before.pages.entries()) {
    const isTouched = n === 0 || page.messages.some(({ id }) => touched.has(id));
    if (!isTouched) continue;
    const cursor = before.pageParams[n] ?? null;
    const fresh = await fetchPage(source, cursor);
    client.setQueryData<LoadedList>(key, (now) => now && replacePage(now, cursor, fresh));
  }
}

/**
 * The fresh page in place of the one that began at the same cursor. Messages that moved into it from later pages are
 * taken out there; where it ends before the next page begins, what follows is forgotten and fetched when it is scrolled to.
 */
export function replacePage({ pages, pageParams }: LoadedList, cursor: string | null, fresh: ListPage): LoadedList {
  const at = pageParams.indexOf(cursor);
  if (at === -1) return { pages, pageParams };
  const here = new Set(fresh.messages.map(({ id }) => id));
  const next = pages[at + 1];
  const before = pages.slice(0, at);
  const follows =
    next === undefined || pageParams[at + 1] === fresh.next_cursor || next.messages.some(({ id }) => here.has(id));
  if (!follows || fresh.next_cursor === null) {
    return { pages: [...before, fresh], pageParams: pageParams.slice(0, at + 1) };
  }
  const later = pages
    .slice(at + 1)
    .map((page) => ({ ...page, messages: page.messages.filter(({ id }) => !here.has(id)) }));
  // What follows is asked for from where this page used to end, so it still ends there.
  const kept = next === undefined ? fresh : { ...fresh, next_cursor: pageParams[at + 1] ?? fresh.next_cursor };
  return { pages: [...before, kept, ...later], pageParams };
}
