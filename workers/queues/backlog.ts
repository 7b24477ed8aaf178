/** What the platform says of a queue itself. Null: it does not say, and everything goes on without. */
import type { Backlog } from "../../contract/operator.ts";

export async function backlog(queue: Queue): Promise<Backlog | null> {
  try {
    const { backlogCount, backlogBytes, oldestMessageTimestamp } = await queue.metrics();
    return { messages: backlogCount, bytes: backlogBytes, oldest_at: oldestMessageTimestamp?.toISOString() ?? null };
  } catch (error) {
    console.warn("the queue does not say what is in it", error);
    return null;
  }
}
