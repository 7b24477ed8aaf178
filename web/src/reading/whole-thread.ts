/** All of a conversation: its pages begin with the oldest message, and the newest is what is read. */
import type { Thread } from "../../../contract/messages.ts";

/** Of longer ones the beginning: search finds the rest. */
const MOST_PAGES = 10;

export async function wholeThread(pageAt: (cursor: string | null) => Promise<Thread>): Promise<Thread> {
  let thread = await pageAt(null);
  for (let n = 1; n < MOST_PAGES && thread.next_cursor !== null; n++) {
    const next = await pageAt(thread.next_cursor);
    thread = { ...next, messages: [...thread.messages, ...next.messages] };
  }
  return thread;
}
