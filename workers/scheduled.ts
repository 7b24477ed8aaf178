/** What cron does each minute: nothing that is waiting may depend on a queue that remembers; and the operator is told. */
import type { Env } from "./env.ts";
import { sweepImages } from "./images/image-cache.ts";
import { sweepWaiting } from "./inbound/waiting-letters.ts";
import { checkAlerts } from "./queues/alerts.ts";

export async function scheduled({ scheduledTime }: ScheduledController, env: Env): Promise<void> {
  const ends = await Promise.allSettled([
    sweepWaiting(env),
    sweepImages(env, scheduledTime),
    checkAlerts(env, scheduledTime),
  ]);
  // One that fails keeps the others from nothing, and the run is marked as failed.
  const failed = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  if (failed.length > 0) throw new AggregateError(failed, "scheduled tasks failed");
}
