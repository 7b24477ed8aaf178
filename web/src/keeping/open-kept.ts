/** What was kept, back in the cache: what the first screen needs, before it is drawn. The rest as it is asked for (recall.ts). */
import type { QueryKey } from "@tanstack/react-query";
import type { Folder } from "../../../contract/folders.ts";
import { restoreQueued } from "../acting/restore-queued.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { placeOf } from "../app/place.ts";
import { folderAt } from "../folders/folder-at.ts";
import { noteUse, startKeeping, version } from "./keep-mail.ts";
import { ANY_LIST, type Head } from "./kept-head.ts";
import { claim, recallAll } from "./kept-store.ts";
import { nameOf } from "./known-changes.ts";

/** A store that does not answer holds nobody up: the client begins with what it fetches. */
const LONGEST_WAIT = 1500;

/** Before the first screen is drawn. */
export async function openKept(account: string): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LONGEST_WAIT);
  const isLate = new Promise<void>((resolve) => late.signal.addEventListener("abort", () => resolve()));
  const open = claim(account, version())
    .then(async (head) => {
      const found = head.state === null ? [] : await recallFirst(head);
      if (late.signal.aborted) return startKeeping(account, null);
      for (const [queryKey, data, isStale] of found) {
        queryClient.setQueryData(queryKey, data);
        if (isStale) void queryClient.invalidateQueries({ queryKey, exact: true, refetchType: "none" });
      }
      startKeeping(account, head.state);
    })
    .catch(() => {
      // Some private windows keep nothing.
    })
    .then(() => restoreQueued(account));
  await Promise.race([open, isLate]);
  clearTimeout(timer);
}

type Found = [QueryKey, unknown, isStale: boolean];

/** What settings say may have been set in this browser and not have been taken. */
const ALWAYS_STALE = nameOf(keys.settings);
const FIRST = [keys.folders, keys.settings, keys.identities, keys.searches].map(nameOf);

/** The folders and what else there is one of; then the lists of the folder that the address names. */
async function recallFirst(head: Head): Promise<Found[]> {
  const { found } = await recallAll(() => FIRST);
  const folders = found.get(nameOf(keys.folders)) as Folder[] | undefined;
  const place = placeOf(location.pathname, location.hash);
  const folder = folderAt(folders, place.screen === "folder" ? place.folder : "inbox");
  const isHere = (name: string) => name.startsWith(ANY_LIST) && folder !== undefined && name.includes(`"${folder.id}"`);
  const lists = await recallAll(({ entries }) => Object.keys(entries).filter(isHere));
  if (lists.head === undefined || lists.head.state !== head.state) return [];
  const { entries } = lists.head;
  return [...found, ...lists.found].map(([name, data]) => {
    noteUse(name);
    return [JSON.parse(name), data, name === ALWAYS_STALE || entries[name]?.isStale !== false];
  });
}
