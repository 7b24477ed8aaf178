/**
 * Imports: a file that comes in parts, is read by a Worker slice by slice, and is forgotten.
 *
 * As in the outbox, the queue carries no truth. A running import stays due, a little later, while the queue has it; a
 * Worker must take the lease, which turns away repeats; a lease that is not renewed runs out. The place in the file is
 * written in the transaction that adds the messages before it, so each message is there once, wherever a Worker ends.
 */
import { and, asc, desc, eq, inArray, isNotNull, lte, min } from "drizzle-orm";
import { z } from "zod";
import { Failure, notFound } from "../../contract/failure.ts";
import {
  type CreateImport,
  type Import,
  ImportFormat,
  type ImportSummary,
  ReportEntry,
} from "../../contract/imports.ts";
import {
  MAX_IMPORT_PART_BYTES,
  MAX_KEPT_IMPORTS,
  MAX_OPEN_IMPORTS,
  MAX_REPORT_ENTRIES,
} from "../../contract/limits.ts";
import { importPrefix } from "../../contract/r2-keys.ts";
import { ARCHIVE_START } from "../../mail/archive/read-archive.ts";
import { import_job } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { recordChange } from "./change-log.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";
import { importIdOf, nextImportId, receivedAt, requireNumber } from "./object-ids.ts";
import { lookForOrphansAgain } from "./orphans.ts";

const Request = z.object({
  name: z.string(),
  size: z.number(),
  format: ImportFormat.nullable(),
  /** The sizes of the parts that are there. */
  parts: z.array(z.number()),
});

const Progress = z.object({
  /** Null while nobody works on it and the queue does not have it. */
  lease: z.string().nullable(),
  /** Takings of the lease since the place last moved. */
  tries: z.number(),
  place: z.object({
    at: z.number(),
    mbox: z.object({ at: z.number(), skipping: z.boolean(), lengths: z.boolean() }).nullable(),
  }),
  bytes_read: z.number(),
  imported: z.number(),
  already_here: z.number(),
  unreadable: z.number(),
});
export type Progress = z.infer<typeof Progress>;

export interface Job {
  number: number;
  state: (typeof import_job.$inferSelect)["state"];
  request: z.infer<typeof Request>;
  progress: Progress;
  report: ReportEntry[];
  next_attempt_at: number | null;
}

const HOUR_MS = 3_600_000;
/** A file whose next part does not come. */
const UPLOAD_FOR_MS = 7 * 24 * HOUR_MS;
/** How long a lease holds without a step, and a queue message without a result is waited for. */
export const LEASE_MS = 90_000;
const QUEUED_FOR_MS = 60_000;
/** Stands in place of a lease while the queue has the import. */
export const ON_QUEUE = "queue";
/** A Worker that dies so often at one place is killed by what stands there, and passing one message over did not help. */
const MAX_TRIES = 20;
/** After a failure: 2 s, 4 s, 8 s … A store that is away for a quarter of an hour is waited for. */
const retryAfter = (tries: number): number => Math.min(2 ** tries, 600) * 1000;

export function createImport(box: Mailbox, { name, size, format }: CreateImport, now: number): Import {
  return box.db.transaction(() => {
    const open = box.db
      .select()
      .from(import_job)
      .where(inArray(import_job.state, ["uploading", "running"]))
      .all();
    if (open.length >= MAX_OPEN_IMPORTS) {
      throw new Failure("conflict", `An account has at most ${MAX_OPEN_IMPORTS} imports at a time: cancel one.`);
    }
    forgetOldest(box);
    const number = nextImportId(box.db, now);
    const progress: Progress = {
      ...{ lease: null, tries: 0, place: ARCHIVE_START, bytes_read: 0 },
      ...{ imported: 0, already_here: 0, unreadable: 0 },
    };
    const request = { name, size, format: format ?? null, parts: [] };
    const job: Job = {
      number,
      state: "uploading",
      request,
      progress,
      report: [],
      next_attempt_at: now + UPLOAD_FOR_MS,
    };
    box.db
      .insert(import_job)
      .values({ id: String(number), created_at: now, ...columnsOf(job) })
      .run();
    recordChange(box.db, "import", number, "created");
    return viewOf(box, job);
  });
}

export function listImports(box: Mailbox): ImportSummary[] {
  const rows = box.db.select().from(import_job).orderBy(desc(import_job.created_at)).all();
  return rows.map((row) => {
    const { report: _report, ...summary } = viewOf(box, jobOf(row));
    return summary;
  });
}

export const readImport = (box: Mailbox, id: string): Import => viewOf(box, requireJob(box, id));

/** What is to be done with a part that a client wants to send: `next`, or `here` where it is sent again. */
export function partWanted(box: Mailbox, id: string, part: number): "next" | "here" {
  const { state, request } = requireJob(box, id);
  if (part < request.parts.length) return "here";
  if (state !== "uploading") throw new Failure("conflict", `This import is ${state}: it takes no more parts.`);
  if (part === request.parts.length) return "next";
  throw new Failure("conflict", `Parts come in their order: number ${request.parts.length} is next.`);
}

/** A part was stored. With the last one the import begins. */
export function addPart(box: Mailbox, id: string, part: number, size: number, now: number): Import {
  return box.db.transaction(() => {
    const job = requireJob(box, id);
    if (partWanted(box, id, part) === "here") return viewOf(box, job);
    job.request.parts.push(size);
    const uploaded = uploadedOf(job);
    if (uploaded > job.request.size) {
      throw new Failure("bad_request", `The file was to have ${job.request.size} bytes, and these are ${uploaded}.`);
    }
    const isWhole = uploaded === job.request.size;
    job.state = isWhole ? "running" : "uploading";
    job.next_attempt_at = isWhole ? now : now + UPLOAD_FOR_MS;
    save(box.db, job);
    return viewOf(box, job);
  });
}

/** What was added stays. */
export function cancelImport(box: Mailbox, id: string, now: number): void {
  box.db.transaction(() => {
    const job = requireJob(box, id);
    if (isOpen(job)) finish(box.db, job, "cancelled", now);
  });
}

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

/** Adds to the report. Beyond its length things are only counted. */
export function note(job: Job, entry: ReportEntry): void {
  job.progress.unreadable++;
  if (job.report.length < MAX_REPORT_ENTRIES) job.report.push(entry);
}

/** Its parts are due to be deleted at once. */
export function finish(db: MailboxDb, job: Job, state: "done" | "failed" | "cancelled", now: number): void {
  job.state = state;
  job.progress.lease = null;
  job.next_attempt_at = now;
  save(db, job);
}

/** Writes the job and tells everyone. */
export function save(db: MailboxDb, job: Job): void {
  db.update(import_job).set(columnsOf(job)).where(isJob(job)).run();
  recordChange(db, "import", job.number, "changed");
}

const isOpen = ({ state }: Job): boolean => state === "uploading" || state === "running";
const isJob = ({ number }: Job) => eq(import_job.id, String(number));
const uploadedOf = ({ request }: Job): number => request.parts.reduce((sum, size) => sum + size, 0);
const placeInWords = ({ progress }: Job): string => `byte ${progress.bytes_read}`;

function columnsOf({ state, request, progress, report, next_attempt_at }: Job) {
  return { state, request, progress, report: report.map((entry) => ({ ...entry })), next_attempt_at };
}

function jobOf(row: typeof import_job.$inferSelect): Job {
  return {
    number: Number(row.id),
    state: row.state,
    request: Request.parse(row.request),
    progress: Progress.parse(row.progress),
    report: z.array(ReportEntry).parse(row.report),
    next_attempt_at: row.next_attempt_at,
  };
}

function findJob(db: MailboxDb, number: number): Job | null {
  const row = db
    .select()
    .from(import_job)
    .where(eq(import_job.id, String(number)))
    .get();
  return row === undefined ? null : jobOf(row);
}

function requireJob(box: Mailbox, id: string): Job {
  const job = findJob(box.db, requireNumber(box, "import", id));
  if (job === null) throw notFound("import");
  return job;
}

/** The list of what was imported has an end. What has parts left is never forgotten. */
function forgetOldest(box: Mailbox): void {
  const rows = box.db.select().from(import_job).orderBy(desc(import_job.created_at)).all();
  for (const row of rows.slice(MAX_KEPT_IMPORTS - 1)) {
    if (row.next_attempt_at !== null) continue;
    box.db.delete(import_job).where(eq(import_job.id, row.id)).run();
    recordChange(box.db, "import", Number(row.id), "destroyed");
  }
}

function viewOf(box: Mailbox, job: Job): Import {
  const { bytes_read, imported, already_here, unreadable } = job.progress;
  return {
    id: importIdOf(box, job.number),
    user_id: box.user_id,
    name: job.request.name,
    size: job.request.size,
    format: job.request.format,
    state: job.state,
    created_at: isoTime(receivedAt(job.number)),
    uploaded: uploadedOf(job),
    next_part: job.request.parts.length,
    part_size_max: MAX_IMPORT_PART_BYTES,
    ...{ bytes_read, imported, already_here, unreadable, report: job.report },
  };
}
