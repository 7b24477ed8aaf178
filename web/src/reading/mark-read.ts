/** Messages that are opened are read: those that a conversation opens at once by one request. */
import type { Message } from "../../../contract/messages.ts";
import { act } from "../acting/act.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";

/** First the letter is shown. Its list, its folder's count and the server have time. */
const AFTER_MILLISECONDS = 300;

let opened: string[] = [];

export function markRead(id: string): void {
  if (opened.length === 0) setTimeout(send, AFTER_MILLISECONDS);
  opened.push(id);
}

function send(): void {
  const messages = opened
    .map((id) => queryClient.getQueryData<Message>(keys.message(id)))
    .filter((message) => message !== undefined)
    .filter(({ is_read }) => !is_read);
  opened = [];
  if (messages.length > 0) void act(messages, { is_read: true });
}
