/** An upload's row, read and shown. What is done with it is in uploads.ts. */
import { eq, gt, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { notFound } from "../../contract/failure.ts";
import { UploadId } from "../../contract/ids.ts";
import { MAX_UPLOAD_PART_BYTES } from "../../contract/limits.ts";
import type { Upload } from "../../contract/uploads.ts";
import { upload } from "../../schema/mailbox/tables.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

const Progress = z.object({
  /** The objects in R2 that hold the bytes, in their order, until the file is put together. */
  parts: z.array(z.object({ key: z.string(), size: z.number().int() })),
  /** The name by which the upload refers to its Blob. */
  reference: z.string().nullable(),
  /** What of the bytes decides how they travel: see mail/compose/content-form.ts. */
  form: z.object({ is_eight_bit: z.boolean(), is_utf8: z.boolean(), is_transparent: z.boolean() }).nullable(),
  /** Nobody wants it any more. It stays a while, for parts that are on their way. */
  is_cancelled: z.boolean(),
});
export type UploadProgress = z.infer<typeof Progress>;

export interface UploadRow extends Omit<typeof upload.$inferSelect, "progress"> {
  progress: UploadProgress;
}

export const uploadRow = (row: typeof upload.$inferSelect): UploadRow => ({
  ...row,
  progress: Progress.parse(row.progress),
});

export function findUpload(db: MailboxDb, id: string): UploadRow | null {
  const row = db.select().from(upload).where(eq(upload.id, id)).get();
  return row === undefined ? null : uploadRow(row);
}

/** One that its owner still has. Throws `not_found`. */
export function requireUpload(db: MailboxDb, id: string, now: number): UploadRow {
  const row = findUpload(db, id);
  if (row === null || row.progress.is_cancelled || row.expires_at <= now) throw notFound("upload");
  return row;
}

/** How many there are, and what they were announced with. */
export function openUploads(db: MailboxDb, now: number): { total: number; size: number } {
  const sums = { total: sql<number>`count(*)`, size: sql<number>`coalesce(sum(${upload.size}), 0)` };
  return db.select(sums).from(upload).where(gt(upload.expires_at, now)).get() ?? { total: 0, size: 0 };
}

/** The files that are there, and the names by which their Blobs know it. */
export function heldByUploads(db: MailboxDb): { id: string; sha256: string; reference: string }[] {
  const rows = db.select().from(upload).where(isNotNull(upload.sha256)).all().map(uploadRow);
  return rows.flatMap(({ id, sha256, progress: { reference } }) =>
    sha256 === null || reference === null ? [] : [{ id, sha256, reference }],
  );
}

export function saveUpload(db: MailboxDb, { id, ...columns }: UploadRow): void {
  db.update(upload)
    .set({ ...columns, progress: { ...columns.progress } })
    .where(eq(upload.id, id))
    .run();
}

export function uploadView(box: Mailbox, row: UploadRow): Upload {
  const { filename, content_type, size, received } = row;
  return {
    id: UploadId.parse(row.id),
    user_id: box.user_id,
    ...{ filename, content_type, size, received },
    is_complete: row.sha256 !== null,
    part_size_max: MAX_UPLOAD_PART_BYTES,
    created_at: isoTime(row.created_at),
    expires_at: isoTime(row.expires_at),
  };
}
