/**
 * Sending to one destination domain, as fast as it takes mail: asks its object before, says afterwards what became of it
 * and what still waits. The object is an adviser: without its answer mail goes all the same.
 */
import type { CountedResult } from "../../contract/operator.ts";
import type { OutboundJob } from "../../contract/submissions.ts";
import type { Admission } from "../../durable-objects/destination/slots.ts";
import type { RecipientReport, TriedRecipient } from "../../durable-objects/mailbox/outbox.ts";
import type { Env } from "../env.ts";
import { recordResult, recordResults } from "./analytics.ts";
import { byDestination } from "./destination-name.ts";
import { within } from "./transport/time-limit.ts";

/** Longer than the object keeps a call that waits for a slot. Who has not answered by then is not waited for. */
const ANSWER_WITHIN_MS = 10_000;

/** What is sent there: whose it is, and the recipients of this domain. */
interface Parcel {
  job: OutboundJob;
  mail_from: string;
  rcpt_to: string[];
}

/** Sends to the recipients of one domain once it may; the recipients that may not be sent to yet wait. */
export async function sendToDestination(
  env: Env,
  name: string,
  { job, mail_from, rcpt_to }: Parcel,
  send: () => Promise<TriedRecipient[]>,
): Promise<RecipientReport[]> {
  const admission = await admit(env, name);
  if (admission !== null && !admission.granted) {
    return rcpt_to.map((address) => ({ address, result: "waiting", retry_at: admission.retry_at }));
  }
  const slot = admission?.slot ?? null;
  let results: TriedRecipient[] = [];
  try {
    results = await send();
    recordResults(env, name, mail_from, results);
    return results;
  } finally {
    await settle(env, name, slot, job, results);
  }
}

/** Null: nobody says no. */
export async function admit(env: Env, name: string): Promise<Admission | null> {
  if (env.DESTINATION_THROTTLE === "off") return null;
  try {
    return await inTime(async (): Promise<Admission> => env.DESTINATION.getByName(name).admit(name));
  } catch (error) {
    console.warn("destination does not answer, mail goes all the same", { destination: name, error });
    return null;
  }
}

const inTime = <T>(ask: () => Promise<T>): Promise<T> =>
  within(ANSWER_WITHIN_MS, ask(), () => new Error("no answer in time"));

/** `results` is empty where the transport broke: that says nothing about the destination. */
export function settle(
  env: Env,
  name: string,
  slot: number | null,
  key: OutboundJob,
  results: TriedRecipient[],
): Promise<void> {
  const outcomes = results.map(({ result, status, reply }) => ({ result, status, reply }));
  return advise(name, () => env.DESTINATION.getByName(name).settle(name, { slot, key, outcomes }));
}

/** Mail within the mesh is not throttled. It is counted, and seen while it waits, as all other mail is. */
export async function noteDeliveries(env: Env, job: OutboundJob, mailFrom: string, results: TriedRecipient[]) {
  for (const [name, theirs] of byDestination(results)) {
    recordResults(env, name, mailFrom, theirs);
    await settle(env, name, null, job, theirs);
  }
}

/** After the report: each destination of which something is left hears of it, and when it is tried next. */
export async function noteWhatWaits(env: Env, job: OutboundJob, results: RecipientReport[]): Promise<void> {
  const left = results.filter((one) => ["deferred", "uncertain", "waiting"].includes(one.result));
  if (left.length === 0) return;
  await advise("all", async () => {
    const open = await env.MAILBOX.getByName(job.user_id).openSubmission(job.submission_id);
    const stillOpen = new Set(open?.rcpt_to);
    for (const [name, recipients] of byDestination(left)) {
      const waits = recipients.filter(({ address }) => stillOpen.has(address));
      const destination = env.DESTINATION.getByName(name);
      if (open === null || waits.length === 0) await destination.noLongerWaits(name, job);
      else
        await destination.waits(name, {
          ...job,
          recipients: waits.length,
          cause: causeOf(waits),
          next_attempt_at: open.next_attempt_at,
        });
      // Put off too often: the submission calls it failed.
      const givenUp = recipients.length - waits.length;
      if (givenUp > 0) await countResult(env, name, "failed", givenUp);
    }
  });
}

function causeOf(recipients: RecipientReport[]): { status: string; reply: string } | null {
  const tried = recipients.find((one) => one.result !== "waiting");
  return tried === undefined ? null : { status: tried.status, reply: tried.reply };
}

/** What was found out otherwise than by sending: mail within the mesh, a bounce, a complaint, an event of the transport. */
export async function countResult(env: Env, name: string, result: CountedResult, recipients: number): Promise<void> {
  recordResult(env, name, result, "", recipients);
  await advise(name, () => env.DESTINATION.getByName(name).count(name, { [result]: recipients }));
}

/** What the adviser cannot be told does not keep mail from going on. */
async function advise(destination: string, tell: () => Promise<void>): Promise<void> {
  try {
    await inTime(tell);
  } catch (error) {
    console.warn("destination not told", { destination, error });
  }
}
