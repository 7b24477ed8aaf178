/** An update as it will be, in everything that is on the screen, before the server has answered. */
import type { QueryClient } from "@tanstack/react-query";
import type { Folder } from "../../../contract/folders.ts";
import type { Message, MessageSummary, Thread } from "../../../contract/messages.ts";
import { keys } from "../api/keys.ts";
import { type LoadedList, loadedLists } from "../list/list-cache.ts";
import type { ListedMessage, ListSource } from "../list/list-source.ts";
import type { Step, Update } from "./act.ts";

export function showUpdate(client: QueryClient, { ids, update }: Step): void {
  const touched = new Set(ids);
  const folders = client.getQueryData<Folder[]>(keys.folders) ?? [];
  const after = <M extends MessageSummary>(message: M): M =>
    touched.has(message.id) ? { ...message, ...changesOf(message, update, folders) } : message;
  const counted = new Map<string, MessageSummary>();
  for (const [key, list] of loadedLists(client)) {
    for (const page of list.pages)
      for (const message of page.messages) if (touched.has(message.id)) counted.set(message.id, message);
    client.setQueryData<LoadedList>(key, {
      ...list,
      pages: list.pages.map((page) => ({ ...page, messages: rowsAfter(page.messages, after, key[1]) })),
    });
  }
  for (const id of ids) {
    client.setQueryData<Message>(keys.message(id), (message) => message && after(message));
  }
  for (const [key, thread] of client.getQueriesData<Thread>({ queryKey: keys.threads })) {
    if (thread) client.setQueryData<Thread>(key, { ...thread, messages: thread.messages.map(after) });
    for (const message of thread?.messages ?? []) if (touched.has(message.id)) counted.set(message.id, message);
  }
  client.setQueryData<Folder[]>(keys.folders, (before) =>
    before?.map((folder) => recount(folder, [...counted.values()], after)),
  );
}

function rowsAfter(
  rows: ListedMessage[],
  after: (row: ListedMessage) => ListedMessage,
  source: ListSource,
): ListedMessage[] {
  return rows.flatMap((row) => {
    const changed = after(row);
    if (changed === row) return [row];
    if (source.kind === "folder" && !changed.folder_ids.some((id) => id === source.folder_id)) return [];
    const thread = changed.thread && { ...changed.thread, unread: unreadAfter(row, changed) };
    return [thread === undefined ? changed : { ...changed, thread }];
  });
}

const unreadAfter = (row: ListedMessage, changed: ListedMessage): number =>
  Math.max(0, (row.thread?.unread ?? 0) + Number(row.is_read) - Number(changed.is_read));

function recount(folder: Folder, before: MessageSummary[], after: (message: MessageSummary) => MessageSummary): Folder {
  let { total, unread } = folder;
  for (const message of before) {
    const changed = after(message);
    const [was, is] = [message, changed].map(({ folder_ids }) => Number(folder_ids.some((id) => id === folder.id)));
    total += (is ?? 0) - (was ?? 0);
    unread += (changed.is_read ? 0 : (is ?? 0)) - (message.is_read ? 0 : (was ?? 0));
  }
  return { ...folder, total: Math.max(0, total), unread: Math.max(0, unread) };
}

/** What of a message an update changes. */
function changesOf(message: MessageSummary, update: Update, folders: Folder[]): Partial<MessageSummary> {
  const idOf = (role: string) => folders.find((folder) => folder.role === role)?.id;
  if ("delete" in update) {
    const trash = idOf("trash");
    const isGone = trash === undefined || message.folder_ids.includes(trash);
    return { folder_ids: isGone ? [] : [trash] };
  }
  if (update.snoozed_until) {
    return { snoozed_until: update.snoozed_until, folder_ids: message.folder_ids.filter((id) => id !== idOf("inbox")) };
  }
  const { is_read, is_flagged, keywords, folder_ids } = update;
  return {
    ...(is_read === undefined ? {} : { is_read }),
    ...(is_flagged === undefined ? {} : { is_flagged }),
    ...(keywords === undefined ? {} : { keywords }),
    ...(folder_ids === undefined ? {} : { folder_ids }),
  };
}
