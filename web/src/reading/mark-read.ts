/** Messages that are opened are read: those that a conversation opens at once by one request. */
import type { Message } from "../../../contract/messages.ts";
import { act } from "../acting/act.ts";

let opened: Message[] = [];

export function markRead(message: Message): void {
  if (message.is_read) return;
  if (opened.length === 0) setTimeout(send, 50);
  opened.push(message);
}

function send(): void {
  const messages = opened;
  opened = [];
  void act(messages, { is_read: true });
}
