/** Rows and pages for tests. */
import type { MessageId, ThreadId, UserId } from "../../../contract/ids.ts";
import type { ListedMessage, ListPage } from "./list-source.ts";

export const listed = (id: string, more: Partial<ListedMessage> = {}): ListedMessage => ({
  id: id as MessageId,
  user_id: "u" as UserId,
  thread_id: `thread ${id}` as ThreadId,
  folder_ids: [],
  from: null,
  to: [],
  subject: "",
  preview: "",
  received_at: "2026-01-01T00:00:00.000Z",
  size: 1,
  is_read: false,
  is_flagged: false,
  is_draft: false,
  keywords: [],
  has_attachment: false,
  snoozed_until: null,
  ...more,
});

export const flat = (...ids: number[]): ListedMessage[] => ids.map((id) => listed(String(id)));

/** A conversation with the newest of its messages. */
export const conversation = (thread: string, id: number): ListedMessage[] => [
  listed(String(id), {
    thread_id: `thread ${thread}` as ThreadId,
    thread: { total: 2, unread: 0, is_muted: false },
  }),
];

export const pageOf = (messages: ListedMessage[], next_cursor: string | null): ListPage => ({ messages, next_cursor });
