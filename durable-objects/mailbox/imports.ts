/**
 * Imports as their owner sees them: a file comes in parts, and with the last one the import is due. Who reads it is
 * import-queue.ts's affair.
 */
import { desc, eq, inArray } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import type { CreateImport, Import, ImportSummary } from "../../contract/imports.ts";
import { MAX_IMPORT_PART_BYTES, MAX_KEPT_IMPORTS, MAX_OPEN_IMPORTS } from "../../contract/limits.ts";
import { ARCHIVE_START } from "../../mail/archive/read-archive.ts";
import { import_job } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import { columnsOf, findJob, finish, type Job, jobOf, type Progress, save } from "./import-job.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";
import { importIdOf, nextImportId, receivedAt, requireNumber } from "./object-ids.ts";

/** A file whose next part does not come. */
const UPLOAD_FOR_MS = 7 * 24 * 3_600_000;

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

const isOpen = ({ state }: Job): boolean => state === "uploading" || state === "running";
const uploadedOf = ({ request }: Job): number => request.parts.reduce((sum, size) => sum + size, 0);

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
