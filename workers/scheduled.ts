/** What cron does each minute: nothing that is waiting may depend on a queue that remembers. */
import type { Env } from "./env.ts";
import { sweepWaiting } from "./inbound/waiting-letters.ts";

export async function scheduled(_controller: ScheduledController, env: Env): Promise<void> {
  await sweepWaiting(env);
}
