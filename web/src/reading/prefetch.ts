import { queryClient } from "../api/query-client.ts";
import type { Opened } from "../app/place.ts";
import type { ListedMessage } from "../list/list-source.ts";
import { messageQuery, threadQuery } from "./queries.ts";

/** What a row opens is asked for at once: its conversation, and the message that will most likely be open in it. */
export function prefetch(row: ListedMessage, { kind, id }: Opened): void {
  void queryClient.prefetchQuery(messageQuery(row.id));
  if (kind === "thread") void queryClient.prefetchQuery(threadQuery(id));
}
