/**
 * The newest conversations of the inbox are kept although nobody has opened them: who is on a train wants to read what
 * has just come in. One after the other, when the page has nothing else to do, and each once: what changes of a message
 * afterwards changes nothing of what there is to read.
 */
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Folder } from "../../../contract/folders.ts";
import type { Thread } from "../../../contract/messages.ts";
import { keys } from "../api/keys.ts";
import { folderAt } from "../folders/folder-at.ts";
import { type LoadedPage, loadedLists } from "../list/list-cache.ts";
import type { ListedMessage } from "../list/list-source.ts";
import { useConnection } from "../live/connection.ts";
import { messageQuery, threadQuery } from "../reading/queries.ts";
import { noteUse } from "./keep-mail.ts";
import { nameOf } from "./known-changes.ts";
import { keptNames } from "./recall.ts";

const MOST = 50;
/** Of one conversation: those that open with it. */
const MOST_UNREAD = 4;
/** So long after the list came to rest, and between two requests. */
const REST = 3000;
const BETWEEN = 150;

/** As long as the page is there. Returns what ends it. */
export function keepNewest(client: QueryClient): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void alone(() => keepAll(client, end.signal)), REST);
  };
  const unsubscribe = client.getQueryCache().subscribe(({ type, query }) => {
    if (type === "updated" && query.queryKey[0] === keys.lists[0]) soon();
  });
  end.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    unsubscribe();
  });
  soon();
  return () => end.abort();
}

/** One tab is enough. */
const alone = (work: () => Promise<void>): Promise<void> =>
  navigator.locks.request("mailmesh.newest", { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work();
  });

async function keepAll(client: QueryClient, end: AbortSignal): Promise<void> {
  const kept = await keptNames();
  const has = (queryKey: QueryKey) => {
    const isKept = kept.has(nameOf(queryKey));
    if (isKept) noteUse(nameOf(queryKey));
    return isKept || client.getQueryData(queryKey) !== undefined;
  };
  for (const row of newestRows(client)) {
    if (row.thread !== undefined && !has(keys.thread(row.thread_id))) await fetchGently(client, row, end);
    const thread = client.getQueryData<Thread>(keys.thread(row.thread_id));
    const unread = thread?.messages.filter(({ is_read }) => !is_read).slice(-MOST_UNREAD) ?? [];
    for (const id of new Set([row.id, ...unread.map(({ id }) => id)])) {
      if (has(keys.message(id))) continue;
      await whenIdle();
      if (end.aborted || !isWelcome()) return;
      await client.prefetchQuery(messageQuery(id));
    }
  }
}

/** A conversation of one message is in its row already. */
async function fetchGently(client: QueryClient, row: ListedMessage, end: AbortSignal): Promise<void> {
  const { thread, snippet: _, ...message } = row;
  if (thread?.total === 1) {
    const { thread_id: id, user_id } = message;
    const alone: Thread = { id, user_id, is_muted: thread.is_muted, messages: [message], next_cursor: null };
    client.setQueryData(threadQuery(id).queryKey, alone);
    return;
  }
  await whenIdle();
  if (!end.aborted && isWelcome()) await client.prefetchQuery(threadQuery(message.thread_id));
}

/** As far as they are known to be so. */
function newestRows(client: QueryClient): ListedMessage[] {
  const inbox = folderAt(client.getQueryData<Folder[]>(keys.folders), "inbox");
  const lists = loadedLists(client).filter(
    ([[, source]]) => source.kind === "folder" && source.folder_id === inbox?.id,
  );
  const isFresh = ({ stale }: LoadedPage) => stale === undefined;
  return lists.flatMap(([, { pages }]) =>
    pages
      .filter(isFresh)
      .flatMap(({ messages }) => messages)
      .slice(0, MOST),
  );
}

/** Not on a line that is dear, not without one, and not for a page that nobody looks at. */
const isWelcome = (): boolean =>
  useConnection.getState().connection !== "lost" &&
  document.visibilityState === "visible" &&
  !("connection" in navigator && Reflect.get(Object(navigator.connection), "saveData") === true);

const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(() => ("requestIdleCallback" in window ? requestIdleCallback(() => resolve()) : resolve()), BETWEEN);
  });
