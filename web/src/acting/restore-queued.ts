/** What was done on an earlier page, or in another tab, and is not at the server yet: shown in what is there. */
import { queryClient } from "../api/query-client.ts";
import { begin } from "./pending.ts";
import { entriesOf } from "./queue-store.ts";
import { showUpdate } from "./show-update.ts";

/** Resolves with whether there was any that this page did not know. */
export async function restoreQueued(account: string): Promise<boolean> {
  let isAny = false;
  for (const { key, step } of await entriesOf(account)) {
    if (!begin(key, step)) continue;
    showUpdate(queryClient, step);
    isAny = true;
  }
  return isAny;
}
