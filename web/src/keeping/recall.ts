/** What was kept and is not in the cache: read as it is asked for. */
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { keptAccount, knownChanges, noteRecalled, noteUse, version } from "./keep-mail.ts";
import { isAmong, isOf } from "./kept-head.ts";
import { recallAll } from "./kept-store.ts";
import { nameOf } from "./known-changes.ts";

/** What is asked for for the first time on this page may have been kept; else, and the next time, it is fetched. */
export async function keptOr<T>(client: QueryClient, queryKey: QueryKey, fetch: () => Promise<T>): Promise<T> {
  const kept = client.getQueryData(queryKey) === undefined ? await recall<T>(queryKey) : null;
  if (kept === null) return fetch();
  // Once it is shown.
  if (kept.isStale) setTimeout(() => void client.invalidateQueries({ queryKey, exact: true }));
  return kept.data;
}

async function recall<T>(queryKey: QueryKey): Promise<{ data: T; isStale: boolean } | null> {
  const account = keptAccount();
  if (account === null) return null;
  const name = nameOf(queryKey);
  const read = await recallAll(() => [name]).catch(() => null);
  const head = read?.head;
  const data = read?.found.get(name) as T | undefined;
  const { since, isBehind, changed, gone } = knownChanges();
  // Of what changed before `since` this page knows nothing.
  const isKnown = !isBehind && head?.state != null && since !== null && head.state >= since;
  if (!head || !isKnown || !isOf(head, account, version()) || data === undefined || gone.has(name)) return null;
  if (typeof data === "object" && data !== null) noteRecalled(data);
  noteUse(name);
  const entry = head.entries[name];
  return { data, isStale: entry?.isStale !== false || isAmong(changed, name, entry) };
}

/** What is kept already, by name. */
export async function keptNames(): Promise<ReadonlySet<string>> {
  const read = await recallAll(() => []).catch(() => null);
  return new Set(Object.keys(read?.head?.entries ?? {}));
}
