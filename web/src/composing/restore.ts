/** What earlier pages left behind: a closed tab, a browser that broke down, a session that ended. */
import { useComposers } from "./composers.ts";
import { isHeld, keptOf } from "./kept.ts";

export async function restoreLetters(account: string): Promise<void> {
  for (const kept of await keptOf(account)) {
    // Another tab is writing that one.
    if (!(await isHeld(kept.key))) useComposers.getState().openKept(kept);
  }
}
