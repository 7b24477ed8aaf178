/**
 * Letters whose Mailbox could not take them. The note in R2 is the truth; the queue message only makes it quick. A
 * queue may lose (and the one on a laptop forgets everything at exit), so the sweep puts every note there again.
 */
import { z } from "zod";
import { AttachmentScan } from "../../contract/attachment-scan.ts";
import { Authentication } from "../../contract/authentication.ts";
import { WAITING_PREFIX, waitingKey } from "../../contract/r2-keys.ts";
import type { Letter } from "../../durable-objects/mailbox/letter.ts";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import type { Env } from "../env.ts";
import { findRaw } from "../storage/raw-messages.ts";
import { contentOf } from "../storage/read-content.ts";
import { handOver } from "./deliver-letter.ts";
import { examine } from "./examine.ts";
import { reportIn } from "./report-in.ts";

/**
 * A letter without what the bytes give again: its content, the examination, what it reports. Who it is from was found
 * out with the help of whoever handed it over, and is kept.
 */
const WaitingLetter = z.object({
  user_id: z.string(),
  raw_key: z.string(),
  added_fields: z.string(),
  size: z.number(),
  return_path: z.string(),
  delivered_to: z.array(z.string()),
  received_at: z.number(),
  fingerprint: z.string(),
  repeat_window: z.number(),
  authentication: Authentication.nullable().default(null),
  /** What a virus scanner said of it: it is asked once. */
  scanned: AttachmentScan.shape.scanner.nullable().default(null),
});

/** What the `inbound` queue carries: the key of the note. */
export const InboundJob = z.object({ waiting_key: z.string().startsWith(WAITING_PREFIX) });
export type InboundJob = z.infer<typeof InboundJob>;

/** Throws when the note cannot be written: then nothing may be acknowledged. */
export async function keepWaiting(env: Env, userId: string, letter: Letter): Promise<void> {
  const { content: _content, examination, report: _report, ...envelope } = letter;
  const { authentication = null, attachment_scan } = examination ?? {};
  const note = { user_id: userId, ...envelope, authentication, scanned: attachment_scan?.scanner ?? null };
  const key = waitingKey(userId, letter.raw_key.split("/").at(-1) ?? "");
  await env.MAIL.put(key, JSON.stringify(note satisfies z.infer<typeof WaitingLetter>));
  try {
    await env.INBOUND.send({ waiting_key: key } satisfies InboundJob);
  } catch (error) {
    console.error("inbound queue does not answer, the sweep will find the letter", { waiting_key: key, error });
  }
}

/** Delivers a waiting letter and takes its note away. Doing it twice delivers once. Throws to be tried again. */
export async function deliverWaiting(env: Env, job: InboundJob): Promise<void> {
  const note = await env.MAIL.get(job.waiting_key);
  if (note === null) return;
  const { user_id, authentication, scanned, ...waiting } = WaitingLetter.parse(await note.json());
  const bytes = await findRaw(env, waiting.raw_key);
  if (bytes === null) {
    // Only a delivery leads to that: of this letter, whose owner then deleted it, or of the one that this one repeats.
    console.warn("waiting letter was delivered before", job);
  } else {
    const report = reportIn(waiting.return_path, bytes);
    const parsed = await parseMessage(bytes);
    const examination = await examine(env, bytes, parsed, { authentication, scanned });
    await handOver(env, user_id, {
      ...waiting,
      content: contentOf(parsed),
      examination,
      report,
      is_acknowledged: true,
    });
  }
  await env.MAIL.delete(job.waiting_key);
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Each minute at first, then each hour: what waits for long would otherwise fill the queue with its repeats. */
const isDue = (age: number): boolean => age < 10 * MINUTE_MS || age % HOUR_MS < MINUTE_MS;

/** Puts waiting letters on the queue again. Called by cron, each minute. */
export async function sweepWaiting(env: Env, now = Date.now()): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await env.MAIL.list({
      prefix: WAITING_PREFIX,
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const due = page.objects.filter(({ uploaded }) => isDue(now - uploaded.getTime()));
    const jobs = due.map(({ key }) => ({ body: { waiting_key: key } satisfies InboundJob }));
    if (jobs.length > 0) await env.INBOUND.sendBatch(jobs);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}
