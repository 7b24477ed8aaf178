/** Writes what changed in the cache since it was written last. Fetched with the first write: nobody waits for it. */
import type { Query } from "@tanstack/react-query";
import type { Thread } from "../../../contract/messages.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { beginningOf, type LoadedList } from "../list/list-cache.ts";
import type { ListSource } from "../list/list-source.ts";
import { stopKeeping, version } from "./keep-mail.ts";
import { LARGEST, type Put, planOf } from "./kept-head.ts";
import { commit } from "./kept-store.ts";
import { type KnownChanges, nameOf, written } from "./known-changes.ts";

/** Enough of a list to begin with. */
const MOST_PAGES = 3;

/** `dirty`: the names of what changed, which are taken out of it. Rejects where nothing can be written. */
export async function writeKept(
  account: string,
  known: KnownChanges,
  dirty: Set<string>,
  used: ReadonlyMap<string, number>,
): Promise<void> {
  const { state, since, isBehind, changed, gone } = known;
  if (state === null || since === null) return;
  const names = [...dirty];
  dirty.clear();
  const puts = names.flatMap(putOf);
  const write = { account, version: version(), state, since, isBehind, puts, changed, gone, used, now: Date.now() };
  const kind = await commit((head) => planOf(head, write));
  if (kind === "write") written(known, state);
  else if (kind === "later") for (const name of names) dirty.add(name);
  else stopKeeping();
}

function putOf(name: string): Put[] {
  const query = queryClient.getQueryCache().get(name);
  if (query?.state.data === undefined || !isWanted(query)) return [];
  const json = JSON.stringify(asKept(query));
  return json.length > LARGEST ? [] : [{ name, json, isStale: query.state.isInvalidated, ...messagesIn(query) }];
}

const messagesIn = ({ queryKey, state }: Query): Pick<Put, "of"> =>
  queryKey[0] === keys.threads[0]
    ? { of: (state.data as Thread).messages.map(({ id }) => nameOf(keys.message(id))) }
    : {};

/** What a search found is asked for again: it is seldom wanted twice. */
const isWanted = ({ queryKey }: Query): boolean =>
  queryKey[0] !== keys.lists[0] || (queryKey[1] as ListSource).kind === "folder";

const asKept = ({ queryKey, state }: Query): unknown =>
  queryKey[0] === keys.lists[0] ? beginningOf(state.data as LoadedList, MOST_PAGES) : state.data;
