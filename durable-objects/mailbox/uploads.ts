/**
 * Files on their way into messages. The bytes come in parts, which lie in R2 until the last one is there; then the file
 * becomes one Blob, and the upload a holder of it like any message. Every upload expires: then its parts and its
 * reference go, and what messages took of it stays with them.
 *
 * An upload takes no parts in its last hour, and one that is cancelled stays for an hour: so when its objects are
 * deleted none can be on its way any more, and a crash between storing a part and saying so leaves nothing for ever.
 */
import { asc, eq, lte, min } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { UploadId } from "../../contract/ids.ts";
import { MAX_UPLOAD_BYTES, MAX_UPLOADED_BYTES, MAX_UPLOADS } from "../../contract/limits.ts";
import { uploadPrefix } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import type { CreateUpload, Upload } from "../../contract/uploads.ts";
import { upload } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { requireRoom } from "./quota.ts";
import {
  findUpload,
  openUploads,
  requireUpload,
  saveUpload,
  type UploadProgress,
  type UploadRow,
  uploadRow,
  uploadView,
} from "./upload-row.ts";

const HOUR_MS = 3_600_000;
const OPEN_FOR_MS = 24 * HOUR_MS;
/** A file that is there waits so long for its message, and again from each draft that names it. */
const KEPT_FOR_MS = 48 * HOUR_MS;
/** Uploads that one alarm takes away: each is a few calls. */
const EXPIRED_AT_ONCE = 20;

export function createUpload(box: Mailbox, { filename, content_type, size }: CreateUpload, now: number): Upload {
  return box.db.transaction(() => {
    if (size > MAX_UPLOAD_BYTES) {
      throw new Failure(
        "message_too_large",
        `No message holds a file of ${size} bytes; ${MAX_UPLOAD_BYTES} is the limit.`,
        [{ at: "body.size", message: "too large" }],
      );
    }
    requireRoom(box.db, size);
    const open = openUploads(box.db, now);
    if (open.total >= MAX_UPLOADS || open.size + size > MAX_UPLOADED_BYTES) {
      throw new Failure(
        "conflict",
        `At most ${MAX_UPLOADS} uploads of ${MAX_UPLOADED_BYTES} bytes in all wait for their messages. One that is deleted makes room within the hour.`,
      );
    }
    const progress: UploadProgress = { parts: [], reference: null, form: null, is_cancelled: false };
    const id = UploadId.parse(randomId(20));
    const times = { created_at: now, expires_at: now + OPEN_FOR_MS + HOUR_MS };
    const row = { id, filename, content_type, size, received: 0, progress, sha256: null, ...times };
    box.db.insert(upload).values(row).run();
    return uploadView(box, row);
  });
}

export const readUpload = (box: Mailbox, id: string, now: number): Upload =>
  uploadView(box, requireUpload(box.db, id, now));

/** `next`: these bytes are wanted. `here`: they came before. `whole`: all came, and the file is to be put together. */
export type PartState = "next" | "here" | "whole";

export interface WantedPart {
  state: PartState;
  upload: Upload;
}

export function wantedPart(box: Mailbox, id: string, offset: number, now: number): WantedPart {
  const row = requireUpload(box.db, id, now);
  const view = uploadView(box, row);
  if (row.sha256 !== null) return { state: "here", upload: view };
  if (row.received === row.size) return { state: "whole", upload: view };
  if (offset < row.received) return { state: "here", upload: view };
  if (offset > row.received) {
    throw new Failure("conflict", `The file is here up to byte ${row.received}: the next part begins there.`, [
      { at: "query.offset", message: `not ${row.received}` },
    ]);
  }
  if (now > row.expires_at - HOUR_MS) throw new Failure("conflict", "The upload took too long: begin a new one.");
  return { state: "next", upload: view };
}

export interface AddedPart extends WantedPart {
  is_taken: boolean;
}

/** A part was stored. `is_taken`: false when another one with the same bytes was first. */
export function addUploadPart(
  box: Mailbox,
  id: string,
  offset: number,
  part: { key: string; size: number },
  now: number,
): AddedPart {
  return box.db.transaction(() => {
    const { state } = wantedPart(box, id, offset, now);
    const row = requireUpload(box.db, id, now);
    if (state !== "next") return { is_taken: false, state, upload: uploadView(box, row) };
    // Whoever read the part has measured it; a smaller file of the same id there never was.
    if (row.received + part.size > row.size) throw new RangeError("a part is larger than what is missing");
    row.received += part.size;
    row.progress.parts.push(part);
    saveUpload(box.db, row);
    return { is_taken: true, state: row.received === row.size ? "whole" : "here", upload: uploadView(box, row) };
  });
}

export const uploadedParts = (box: Mailbox, id: string, now: number): string[] =>
  requireUpload(box.db, id, now).progress.parts.map(({ key }) => key);

/** The file as its Blob knows it. */
export interface UploadedFile {
  sha256: string;
  reference: string;
  form: NonNullable<UploadProgress["form"]>;
}

/** The file is one Blob now. `is_taken`: false when it was before, and this reference is one too many. */
export function finishUpload(
  box: Mailbox,
  id: string,
  { sha256, reference, form }: UploadedFile,
  now: number,
): { is_taken: boolean; upload: Upload } {
  return box.db.transaction(() => {
    const row = requireUpload(box.db, id, now);
    if (row.sha256 !== null) return { is_taken: false, upload: uploadView(box, row) };
    Object.assign(row, { sha256, received: row.size, expires_at: now + KEPT_FOR_MS });
    Object.assign(row.progress, { reference, form });
    saveUpload(box.db, row);
    return { is_taken: true, upload: uploadView(box, row) };
  });
}

/** A draft names it: whoever writes on for days finds it again. At most once a day, since each is a row written. */
export function keepUpload(db: MailboxDb, row: UploadRow, now: number): void {
  if (row.expires_at < now + KEPT_FOR_MS / 2) saveUpload(db, { ...row, expires_at: now + KEPT_FOR_MS });
}

/** What was sent stays with its messages. */
export function deleteUpload(box: Mailbox, id: string, now: number): void {
  const row = requireUpload(box.db, id, now);
  const progress = { ...row.progress, is_cancelled: true };
  saveUpload(box.db, { ...row, progress, expires_at: Math.min(row.expires_at, now + HOUR_MS) });
}

/** Whether an upload refers to its Blob by this name. */
export function holdsUpload({ db }: Mailbox, reference: string): boolean {
  return findUpload(db, reference.split("-")[0] ?? "")?.progress.reference === reference;
}

/** When the next one expires. */
export const nextExpiry = (db: MailboxDb): number | null => selectExpiry(db).get()?.at ?? null;

/** Prepared: it is asked after each change of the mailbox. */
const selectExpiry = prepared((db) =>
  db
    .select({ at: min(upload.expires_at) })
    .from(upload)
    .prepare(),
);

/** The row goes last: it says what there was. Whatever breaks off is done again. */
export async function forgetExpiredUploads(box: Mailbox, env: ObjectEnv, now: number): Promise<void> {
  const rows = expiredUploads(box.db, now);
  const failures: unknown[] = [];
  for (const row of rows) {
    try {
      await letGo(box, env, row);
      box.db.delete(upload).where(eq(upload.id, row.id)).run();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} expired uploads`);
}

export const expiredUploads = (db: MailboxDb, now: number): UploadRow[] =>
  db
    .select()
    .from(upload)
    .where(lte(upload.expires_at, now))
    .orderBy(asc(upload.expires_at))
    .limit(EXPIRED_AT_ONCE)
    .all()
    .map(uploadRow);

async function letGo({ user_id }: Mailbox, env: ObjectEnv, { id, sha256, progress }: UploadRow): Promise<void> {
  // By their prefix: a part that was stored, and of which nobody came to say so, is no part of the row.
  const { objects } = await env.MAIL.list({ prefix: uploadPrefix(user_id, id) });
  if (objects.length > 0) await env.MAIL.delete(objects.map(({ key }) => key));
  const { reference } = progress;
  if (sha256 !== null && reference !== null) await env.BLOB.getByName(sha256).release({ user_id, reference }, sha256);
}
