/** Where a list of messages comes from: a folder, by conversation or flat, or a search. */
import type { MessagePage } from "../../../contract/messages.ts";
import type { FoundMessage, SearchPage } from "../../../contract/search.ts";
import { call } from "../api/call.ts";
import { timeZone } from "../language/time-zone.ts";

export type ListSource = { kind: "folder"; folder_id: string; collapsed: boolean } | { kind: "search"; q: string };

/** Enough for two screens of a tall window, and small enough that scrolling waits for none. */
export const PAGE = 100;

/** A row: of a folder with its conversation, of a search with what was found in it. */
export type ListedMessage = MessagePage["messages"][number] & Pick<FoundMessage, "snippet">;

/** A page of messages from either, as both are shown. */
export type ListPage = { messages: ListedMessage[]; next_cursor: string | null } & Partial<
  Omit<SearchPage, "messages">
>;

export function fetchPage(source: ListSource, cursor: string | null, signal?: AbortSignal): Promise<ListPage> {
  const from = cursor === null ? {} : { cursor };
  if (source.kind === "folder") {
    const collapsed = source.collapsed ? { collapse: "thread" } : {};
    const query = new URLSearchParams({ limit: String(PAGE), ...from, ...collapsed });
    return call("GET", `/folders/${source.folder_id}/messages?${query}`, { signal });
  }
  const asked = { snippets: true, time_zone: timeZone(), total: cursor === null };
  return call("POST", "/search", { body: { q: source.q, limit: PAGE, ...from, ...asked }, signal });
}
