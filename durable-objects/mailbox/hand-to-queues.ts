/**
 * What is due goes on its queue. Bulk mail has one of its own, with few consumers: a newsletter to thousands must not
 * stand in front of what somebody has just written.
 */
import type { FollowUpJob } from "../../contract/follow-ups.ts";
import type { ObjectEnv } from "../env.ts";
import type { Due } from "./outbox.ts";

export async function handToQueues(env: ObjectEnv, user_id: string, due: Due[]): Promise<void> {
  const jobsOf = (isBulk: boolean) =>
    due
      .filter((one) => (one.class === "bulk") === isBulk)
      .map(({ submission_id }) => ({ body: { user_id, submission_id } }));
  const [others, bulk] = [jobsOf(false), jobsOf(true)];
  await Promise.all([
    others.length === 0 ? undefined : env.OUTBOUND.sendBatch(others),
    bulk.length === 0 ? undefined : env.OUTBOUND_BULK.sendBatch(bulk),
  ]);
}

export async function handFollowUps(env: ObjectEnv, user_id: string, ids: number[]): Promise<void> {
  const jobs = ids.map((follow_up) => ({ body: { user_id, follow_up } satisfies FollowUpJob }));
  if (jobs.length > 0) await env.OUTBOUND.sendBatch(jobs);
}
