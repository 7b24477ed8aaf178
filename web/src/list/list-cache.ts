/**
 * Lists as they are kept: pages, each the stretch of a list between two cursors. Pure: keep-list.ts fetches.
 *
 * A message never changes its place in a list (they are in the order in which the mailbox got them), it only comes and
 * goes. So a page can be fetched again by itself, and where it meets the next one shows in a message that both have. A
 * conversation does change its place: it stands where its newest message does.
 */
import { type QueryClient, replaceEqualDeep } from "@tanstack/react-query";
import { keys } from "../api/keys.ts";
import { type ListedMessage, type ListPage, type ListSource, PAGE } from "./list-source.ts";

export interface LoadedPage extends ListPage {
  /** Where it begins; null at the top. */
  cursor: string | null;
  /** The change since which it may be out of date; it is fetched again when it is looked at. */
  stale?: number;
}
export interface LoadedList {
  pages: LoadedPage[];
}
/** A list as its key in the cache names it. */
export type ListKey = ReturnType<typeof keys.list>;

/** Every list that is in the cache. */
export function loadedLists(client: QueryClient): [ListKey, LoadedList][] {
  return client
    .getQueriesData<LoadedList>({ queryKey: keys.lists })
    .flatMap(([key, list]) =>
      list === undefined ? [] : [[keys.list(key[1] as ListSource), list] as [ListKey, LoadedList]],
    );
}

/** What is one row: a conversation, or a message. */
export const rowKey = ({ id, thread, thread_id }: ListedMessage): string => (thread === undefined ? id : thread_id);

/**
 * Rows that are as they were are the same objects, wherever they stand by now. (TanStack Query compares what stands at the
 * same place: a row that goes would make all below it others, and each would be drawn again.)
 */
export function shareRows(before: LoadedList | undefined, now: LoadedList): LoadedList {
  if (before === undefined) return now;
  const kept = new Set(now.pages);
  const old = new Set(before.pages);
  const changed = before.pages.filter((page) => !kept.has(page));
  const rows = new Map(changed.flatMap(({ messages }) => messages.map((row) => [rowKey(row), row])));
  const share = (row: ListedMessage) => replaceEqualDeep(rows.get(rowKey(row)), row);
  const pages = now.pages.map((page) => {
    if (old.has(page)) return page;
    const shared = { ...page, messages: page.messages.map(share) };
    const twin = changed.find(({ cursor }) => cursor === page.cursor);
    return twin && isSameRows(twin.messages, shared.messages) ? replaceEqualDeep(twin, shared) : shared;
  });
  const isSame = pages.length === before.pages.length && pages.every((page, n) => page === before.pages[n]);
  return isSame ? before : { pages };
}

const isSameRows = (before: readonly ListedMessage[], now: readonly ListedMessage[]): boolean =>
  before.length === now.length && before.every((row, n) => row === now[n]);

export const firstPage = (fresh: ListPage): LoadedList => ({ pages: [{ ...fresh, cursor: null }] });

/** Whether what was fetched from `cursor` on reaches to where the page after that one begins. */
export function reachesNext({ pages }: LoadedList, cursor: string | null, fresh: ListPage): boolean {
  const at = pages.findIndex((page) => page.cursor === cursor);
  const next = pages[at + 1];
  if (next === undefined || fresh.next_cursor === null || fresh.next_cursor === next.cursor) return true;
  return joinOf(fresh, pages.slice(at + 1)) !== -1;
}

/**
 * What was fetched in place of the page that begins at `cursor`: one page, and further ones where more has come in
 * between than one holds. Where they do not reach the next page, what follows is forgotten, and fetched when it is
 * scrolled to: rather nothing than a list with a gap.
 */
export function replacePage(list: LoadedList, cursor: string | null, fresh: readonly ListPage[]): LoadedList {
  const { pages } = list;
  const at = pages.findIndex((page) => page.cursor === cursor);
  const end = fresh.at(-1);
  if (at === -1 || end === undefined) return list;
  const isJoined = end.next_cursor !== null && reachesNext(list, cursor, end);
  const later = isJoined ? pages.slice(at + 1) : [];
  const kept = chain(cursor, fresh, later);
  const here = new Set(kept.flatMap(({ messages }) => messages.map(rowKey)));
  const without = (page: LoadedPage): LoadedPage =>
    page.messages.some((row) => here.has(rowKey(row)))
      ? { ...page, messages: page.messages.filter((row) => !here.has(rowKey(row))) }
      : page;
  return { pages: tidy([...pages.slice(0, at).map(without), ...kept, ...later.map(without)]) };
}

/** The next page at the end; nothing when the list ends elsewhere by now. */
export function appendPage(list: LoadedList, cursor: string, fresh: ListPage): LoadedList {
  if (list.pages.at(-1)?.next_cursor !== cursor) return list;
  return replacePage({ pages: [...list.pages, { cursor, messages: [], next_cursor: null }] }, cursor, [fresh]);
}

/** A message came in: it is at the top. Another changed, or went: it may be in any page, or come into any. */
export function withStale({ pages }: LoadedList, since: number, isAll: boolean): LoadedList {
  return { pages: pages.map((page, n) => (isAll || n === 0 ? { ...page, stale: since } : page)) };
}

/** The first pages, as they are kept for another page of the browser, which has seen none of the changes that this one has. */
export const beginningOf = ({ pages }: LoadedList, most: number): LoadedList => ({
  pages: pages.slice(0, most).map((page) => (page.stale === undefined ? page : { ...page, stale: 0 })),
});

/** Pages one after the other, up to where the ones that follow take over. */
function chain(cursor: string | null, fresh: readonly ListPage[], later: readonly LoadedPage[]): LoadedPage[] {
  const follows = later[0]?.cursor ?? null;
  let from = cursor;
  return fresh.map((page, n) => {
    const isLast = n === fresh.length - 1;
    const join = isLast ? joinOf(page, later) : -1;
    const messages = join === -1 ? page.messages : page.messages.slice(0, join);
    const kept = { ...page, cursor: from, messages, next_cursor: isLast && follows ? follows : page.next_cursor };
    from = page.next_cursor;
    return kept;
  });
}

/** Pages of a few rows go into the next one, and empty ones go: a day's mail must not leave a page for each message. */
function tidy(pages: readonly LoadedPage[]): LoadedPage[] {
  const tidied: LoadedPage[] = [];
  for (const page of pages) {
    const before = tidied.at(-1);
    if (!before || before.messages.length + page.messages.length > PAGE) tidied.push(page);
    else tidied[tidied.length - 1] = { ...before, ...page, ...joined(before, page) };
  }
  return tidied;
}

function joined(before: LoadedPage, page: LoadedPage): Partial<LoadedPage> {
  const stale = Math.max(before.stale ?? -1, page.stale ?? -1);
  return {
    cursor: before.cursor,
    messages: [...before.messages, ...page.messages],
    ...(stale === -1 ? {} : { stale }),
  };
}

/** The first message of what was fetched that later pages have too. Order being the same, the first of theirs it is. */
function joinOf({ messages }: ListPage, later: readonly ListPage[]): number {
  const places = new Map(messages.map(({ id }, n) => [id, n]));
  for (const page of later) {
    const shared = page.messages.find(({ id }) => places.has(id));
    if (shared) return places.get(shared.id) ?? -1;
  }
  return -1;
}
