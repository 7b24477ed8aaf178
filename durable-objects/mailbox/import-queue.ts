/**
 * How an import is read: by Workers, slice by slice.
 *
 * As in the outbox, the queue carries no truth. A running import stays due, a little later, while the queue has it; a
 * Worker must take the lease, which turns away repeats; a lease that is not renewed runs out. The place in the file is
 * written in the transaction that adds the messages before it, so each message is there once, wherever a Worker ends.
 */
import { and, asc, eq, isNotNull, lte, min } from "drizzle-orm";
import type { ImportFormat, ReportEntry } from "../../contract/imports.ts";
import { importPrefix } from "../../contract/r2-keys.ts";
import { import_job } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { columnsOf, findJob, finish, isJob, type Job, jobOf, note, type Progress } from "./import-job.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { importIdOf } from "./object-ids.ts";
import { lookForOrphansAgain } from "./orphans.ts";

/** How long a lease holds without a step, and a queue message without a result is waited for. */
export const LEASE_MS = 90_000;
const QUEUED_FOR_MS = 60_000;
/** Stands in place of a lease while the queue has the import. */
const ON_QUEUE = "queue";
/** A Worker that dies so often at one place is killed by what stands there, and passing one message over did not help. */
const MAX_TRIES = 20;
/** After a failure: 2 s, 4 s, 8 s … A store that is away for a quarter of an hour is waited for. */
const retryAfter = (tries: number): number => Math.min(2 ** tries, 600) * 1000;

const placeInWords = ({ progress }: Job): string => `byte ${progress.bytes_read}`;

/** When the alarm must ring next for an import, or null. */
export function nextDueImport(db: MailboxDb): number | null {
  const at = min(import_job.next_attempt_at);
  return db.select({ at }).from(import_job).where(isNotNull(import_job.next_attempt_at)).get()?.at ?? null;
}

export function isImporting(db: MailboxDb): boolean {
  const running = db.select({ id: import_job.id }).from(import_job).where(eq(import_job.state, "running"));
  return running.limit(1).get() !== undefined;
}

/** What the alarm has to do: jobs for the queue, and imports whose parts are not needed any more. */
export interface DueImports {
  queue: { import: { user_id: string; number: number } }[];
  over: number[];
}

export function takeDueImports(box: Mailbox, now: number): DueImports {
  const due: DueImports = { queue: [], over: [] };
  const isDue = and(isNotNull(import_job.next_attempt_at), lte(import_job.next_attempt_at, now));
  for (const row of box.db.select().from(import_job).where(isDue).orderBy(asc(import_job.id)).all()) {
    const job = jobOf(row);
    if (job.state === "uploading") finish(box.db, job, "cancelled", now);
    if (job.state === "running") {
      due.queue.push({ import: { user_id: box.user_id, number: job.number } });
      job.progress.lease = ON_QUEUE;
    } else due.over.push(job.number);
    box.db
      .update(import_job)
      .set(columnsOf({ ...job, next_attempt_at: now + QUEUED_FOR_MS }))
      .where(isJob(job))
      .run();
  }
  return due;
}

/** Puts on the queue what is due, and deletes the parts of what is over. What fails is due again in a minute. */
export async function tendImports(
  box: Mailbox,
  storage: DurableObjectStorage,
  env: ObjectEnv,
  { queue, over }: DueImports,
): Promise<void> {
  if (queue.length > 0) await env.INBOUND.sendBatch(queue.map((body) => ({ body })));
  for (const number of over) {
    const prefix = importPrefix(box.user_id, importIdOf(box, number));
    const { objects, truncated } = await env.MAIL.list({ prefix });
    if (objects.length > 0) await env.MAIL.delete(objects.map(({ key }) => key));
    if (truncated) continue;
    lookForOrphansAgain(storage, Date.now());
    box.db
      .update(import_job)
      .set({ next_attempt_at: null })
      .where(eq(import_job.id, String(number)))
      .run();
  }
}

/** What a Worker goes on with. */
export interface ImportLease {
  id: string;
  parts: number[];
  format: ImportFormat | null;
  progress: Progress;
}

/** Takes the lease, or null: somebody has it, or nothing is left to do. */
export function claimImport(box: Mailbox, number: number, lease: string, now: number): ImportLease | null {
  return box.db.transaction(() => {
    const job = findJob(box.db, number);
    if (job === null || job.state !== "running" || job.next_attempt_at === null) return null;
    if (job.progress.lease !== ON_QUEUE && job.next_attempt_at > now) return null;
    job.progress.lease = lease;
    job.progress.tries++;
    if (job.progress.tries > MAX_TRIES) {
      note(job, {
        where: placeInWords(job),
        reason: "not_readable_here",
        detail: "reading broke off here again and again",
      });
      finish(box.db, job, "failed", now);
      return null;
    }
    job.next_attempt_at = now + LEASE_MS;
    box.db.update(import_job).set(columnsOf(job)).where(isJob(job)).run();
    const { parts, format } = job.request;
    return { id: importIdOf(box, number), parts, format, progress: job.progress };
  });
}

/** The job, if this lease is still the one that counts. */
export function leased(db: MailboxDb, number: number, lease: string): Job | null {
  const job = findJob(db, number);
  return job !== null && job.state === "running" && job.progress.lease === lease ? job : null;
}

/**
 * The slice is over and the import is not: whoever takes the queue's next message goes on. After a failure nothing is on
 * the queue, and the alarm puts it there later. Either way the lease is over, and nothing comes of it any more.
 */
export function releaseImport(
  box: Mailbox,
  number: number,
  lease: string,
  why: "slice_is_over" | "failure",
  now: number,
): boolean {
  const job = leased(box.db, number, lease);
  if (job === null) return false;
  const isOver = why === "slice_is_over";
  job.progress.lease = isOver ? ON_QUEUE : null;
  job.next_attempt_at = now + (isOver ? QUEUED_FOR_MS : retryAfter(job.progress.tries));
  box.db.update(import_job).set(columnsOf(job)).where(isJob(job)).run();
  return true;
}

/** The file cannot be read (any further). */
export function failImport(box: Mailbox, number: number, lease: string, entry: ReportEntry, now: number): void {
  box.db.transaction(() => {
    const job = leased(box.db, number, lease);
    if (job === null) return;
    note(job, { ...entry, where: entry.where || placeInWords(job) });
    finish(box.db, job, "failed", now);
  });
}
