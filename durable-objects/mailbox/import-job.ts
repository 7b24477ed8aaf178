/** The row of an import: what it says, and who writes it. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { ImportFormat, ReportEntry } from "../../contract/imports.ts";
import { MAX_REPORT_ENTRIES } from "../../contract/limits.ts";
import { import_job } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import type { MailboxDb } from "./mailbox-database.ts";

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

export const isJob = ({ number }: Pick<Job, "number">) => eq(import_job.id, String(number));

export function columnsOf({ state, request, progress, report, next_attempt_at }: Job) {
  return { state, request, progress, report: report.map((entry) => ({ ...entry })), next_attempt_at };
}

export function jobOf(row: typeof import_job.$inferSelect): Job {
  return {
    number: Number(row.id),
    state: row.state,
    request: Request.parse(row.request),
    progress: Progress.parse(row.progress),
    report: z.array(ReportEntry).parse(row.report),
    next_attempt_at: row.next_attempt_at,
  };
}

export function findJob(db: MailboxDb, number: number): Job | null {
  const row = db
    .select()
    .from(import_job)
    .where(eq(import_job.id, String(number)))
    .get();
  return row === undefined ? null : jobOf(row);
}
