/**
 * Conversations that say of a changed message what it was. The account reports one as changed when another message is in
 * it (RFC 8621 §3), and not when a message of it has another folder or flag.
 */
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Thread } from "../../../contract/messages.ts";
import { keys } from "../api/keys.ts";

/** Of one that is not there yet it is not known. */
export function threadsWith(client: QueryClient, changed: readonly string[]): QueryKey[] {
  if (changed.length === 0) return [];
  const ids = new Set(changed);
  return client
    .getQueriesData<Thread>({ queryKey: keys.threads })
    .filter(([, thread]) => thread === undefined || thread.messages.some(({ id }) => ids.has(id)))
    .map(([queryKey]) => queryKey);
}
