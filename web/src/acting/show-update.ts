/** An update as it will be, in everything that is kept, before the server has answered; and in what it answers till then. */
import type { QueryClient } from "@tanstack/react-query";
import type { Folder } from "../../../contract/folders.ts";
import type { Message, Thread } from "../../../contract/messages.ts";
import { keys } from "../api/keys.ts";
import { type ListKey, type LoadedList, loadedLists, rowKey } from "../list/list-cache.ts";
import type { ListedMessage, ListPage, ListSource } from "../list/list-source.ts";
import { after, isIn, type Step } from "./update.ts";

/** Lists as they were before rows left them, the last at the end: whoever takes a move back sees the row where it was. */
const left: { name: string; ids: ReadonlySet<string>; list: LoadedList }[] = [];
const MOST_LEFT = 100;

export function showUpdate(client: QueryClient, step: Step): void {
  showInLists(client, step);
  const folders = client.getQueryData<Folder[]>(keys.folders) ?? [];
  for (const message of step.messages) {
    client.setQueryData<Message>(keys.message(message.id), (now) => now && after(now, step.update, folders));
  }
  for (const [key, thread] of client.getQueriesData<Thread>({ queryKey: keys.threads })) {
    const now = thread && threadAfter(thread, step, folders);
    if (now !== thread) client.setQueryData<Thread>(key, now);
  }
  client.setQueryData<Folder[]>(keys.folders, (now) => now && recount(now, step));
}

/** An opened message with the update in it, whoever answered it when. */
export const messageAfter = (message: Message, { messages, update }: Step, folders: readonly Folder[]): Message =>
  messages.some(({ id }) => id === message.id) ? after(message, update, folders) : message;

/** A conversation, likewise. */
export function threadAfter(thread: Thread, step: Step, folders: readonly Folder[]): Thread {
  const ids = new Set<string>(step.messages.map(({ id }) => id));
  const isMuted = step.mute?.thread_id === thread.id ? step.mute.is_muted : undefined;
  if (isMuted === undefined && !thread.messages.some(({ id }) => ids.has(id))) return thread;
  const messages = thread.messages.map((message) =>
    ids.has(message.id) ? after(message, step.update, folders) : message,
  );
  return { ...thread, is_muted: isMuted ?? thread.is_muted, messages };
}

/** In the rows alone: what else there is to it is not known yet. */
export function showInLists(client: QueryClient, step: Step): void {
  const folders = client.getQueryData<Folder[]>(keys.folders) ?? [];
  const ids = new Set<string>(step.messages.map(({ id }) => id));
  for (const [key, list] of loadedLists(client)) {
    client.setQueryData<LoadedList>(key, withReturned(key, changed(key, list, step, ids, folders), [step], folders));
  }
}

function changed(key: ListKey, list: LoadedList, step: Step, ids: Set<string>, folders: Folder[]): LoadedList {
  const pages = list.pages.map((page) => pageAfter(page, key[1], step, folders));
  if (pages.some((page, n) => page.messages.length < (list.pages[n]?.messages.length ?? 0))) {
    left.push({ name: JSON.stringify(key[1]), ids, list });
    if (left.length > MOST_LEFT) left.shift();
  }
  return { pages };
}

/** A page with the update in it, whoever answered it when. */
export function pageAfter<P extends ListPage>(page: P, source: ListSource, step: Step, folders: readonly Folder[]): P {
  const ids = new Set<string>(step.messages.map(({ id }) => id));
  const threads = new Set<string>(step.messages.map(({ thread_id }) => thread_id));
  if (!page.messages.some((row) => ids.has(row.id) || threads.has(row.thread_id))) return page;
  const messages = page.messages.flatMap((row) => {
    const now = rowAfter(row, ids.has(row.id), step, folders);
    return now === row || isListed(now, source, folders) ? [now] : [];
  });
  return { ...page, messages };
}

function rowAfter(row: ListedMessage, isTouched: boolean, step: Step, folders: readonly Folder[]): ListedMessage {
  const now = isTouched ? after(row, step.update, folders) : row;
  const unread = row.thread ? row.thread.unread + unreadMore(row, step) : 0;
  if (row.thread === undefined || (now === row && unread === row.thread.unread)) return now;
  const is_muted = step.mute?.thread_id === row.thread_id ? step.mute.is_muted : row.thread.is_muted;
  return { ...now, thread: { ...row.thread, unread: Math.max(0, unread), is_muted } };
}

/** How many more of its conversation are unread by the update. What the row shows already is not counted again. */
function unreadMore(row: ListedMessage, { messages, update }: Step): number {
  if ("delete" in update || update.is_read === undefined) return 0;
  const is = update.is_read;
  return messages
    .filter(({ thread_id }) => thread_id === row.thread_id)
    .map((message) => Number(!is) - Number(!(message.id === row.id ? row : message).is_read))
    .reduce((sum, one) => sum + one, 0);
}

function isListed(row: ListedMessage, source: ListSource, folders: readonly Folder[]): boolean {
  if (source.kind === "folder") {
    const folder = folders.find(({ id }) => id === source.folder_id);
    return folder === undefined ? row.folder_ids.some((id) => id === source.folder_id) : isIn(row, folder);
  }
  // Unless a search says where, it finds nothing in trash and junk.
  if (/\bin:/i.test(source.q)) return row.folder_ids.length > 0;
  const hidden = folders.filter(({ role }) => role === "trash" || role === "junk").map(({ id }) => id);
  return row.folder_ids.some((id) => !hidden.includes(id));
}

/** Rows that left the list and belong to it again after these steps, each after the one that it stood after. */
export function withReturned(
  key: ListKey,
  list: LoadedList,
  steps: readonly Step[],
  folders: readonly Folder[],
): LoadedList {
  const name = JSON.stringify(key[1]);
  const moving = steps.filter((step) => isPlacing(step, key[1], folders));
  const touched = new Set<string>(moving.flatMap(({ messages }) => messages.map(({ id }) => id)));
  const places = left.filter((one) => one.name === name && [...touched].some((id) => one.ids.has(id))).toReversed();
  let now = list;
  for (const { list: before, ids } of places) {
    const here = new Set(now.pages.flatMap(({ messages }) => messages.map(rowKey)));
    const rows = new Map<string, ListedMessage>();
    for (const row of before.pages.flatMap(({ messages }) => messages)) {
      if (!touched.has(row.id) || !ids.has(row.id) || here.has(rowKey(row))) continue;
      const back = moving.reduce((one, step) => (isTouched(one, step) ? after(one, step.update, folders) : one), row);
      if (isListed(back, key[1], folders)) rows.set(row.id, back);
    }
    if (rows.size > 0) now = insertRows(now, before, rows);
  }
  return now;
}

/** Whether a step says where messages are. One that marks them as read, say, brings nothing back that has gone. */
function isPlacing({ update }: Step, source: ListSource, folders: readonly Folder[]): boolean {
  if ("delete" in update) return false;
  if (update.folder_ids !== undefined || update.snoozed_until !== undefined) return true;
  const role = source.kind === "folder" && folders.find(({ id }) => id === source.folder_id)?.role;
  return role === "flagged" && update.is_flagged !== undefined;
}

const isTouched = ({ id }: ListedMessage, { messages }: Step): boolean => messages.some((one) => one.id === id);

function insertRows(now: LoadedList, before: LoadedList, rows: ReadonlyMap<string, ListedMessage>): LoadedList {
  const here = new Set(now.pages.flatMap(({ messages }) => messages.map(({ id }) => id)));
  const following = new Map<string | null, ListedMessage[]>();
  let last: string | null = null;
  for (const { id } of before.pages.flatMap(({ messages }) => messages)) {
    const row = rows.get(id);
    if (row) following.set(last, [...(following.get(last) ?? []), row]);
    else if (here.has(id)) last = id;
  }
  const top = following.get(null) ?? [];
  const pages = now.pages.map((page, n) => {
    const messages = page.messages.flatMap((row) => [row, ...(following.get(row.id) ?? [])]);
    return { ...page, messages: n === 0 ? [...top, ...messages] : messages };
  });
  return { pages };
}

/** Folders with the counts that the update leads to. */
export function recount(folders: readonly Folder[], step: Step): Folder[] {
  const pairs = step.messages.map((message) => [message, after(message, step.update, folders)] as const);
  return folders.map((folder) => {
    let { total, unread } = folder;
    for (const [before, now] of pairs) {
      const [was, is] = [isIn(before, folder), isIn(now, folder)];
      total += Number(is) - Number(was);
      unread += Number(is && !now.is_read) - Number(was && !before.is_read);
    }
    return total === folder.total && unread === folder.unread
      ? folder
      : { ...folder, total: Math.max(0, total), unread: Math.max(0, unread) };
  });
}
