/** Mail brought in from a file, and taken out again. See docs/import.md. */
import { z } from "zod";
import { FolderId, ImportId, UserId } from "./ids.ts";
import { MAX_IMPORT_BYTES, MAX_IMPORT_PART_BYTES, MAX_QUERY_CHARACTERS } from "./limits.ts";

export const ImportFormat = z.enum(["mbox", "eml", "tar", "zip"]);
export type ImportFormat = z.infer<typeof ImportFormat>;

/** `POST /v1/imports`. The file follows in parts; with the last byte of `size` the import begins by itself. */
export const CreateImport = z.strictObject({
  /** The file's name, for people. */
  name: z.string().max(255).default(""),
  size: z.number().int().min(1).max(MAX_IMPORT_BYTES),
  /** Without it the file's first bytes decide. */
  format: ImportFormat.optional(),
});
export type CreateImport = z.infer<typeof CreateImport>;

/** `PUT /v1/imports/{id}/parts/{n}`: the bytes themselves, in order, `n` from 0. */
export const PartNumber = z.coerce.number().int().min(0).max(999_999);

/** One thing that could not be read, where in the file it stands, and why. */
export const ReportEntry = z.object({ where: z.string(), reason: z.string(), detail: z.string() });
export type ReportEntry = z.infer<typeof ReportEntry>;

export const ImportSummary = z.object({
  id: ImportId,
  user_id: UserId,
  name: z.string(),
  size: z.number().int(),
  /** Null until the file was looked at. */
  format: ImportFormat.nullable(),
  state: z.enum(["uploading", "running", "done", "failed", "cancelled"]),
  created_at: z.iso.datetime(),
  /** Bytes that came, and the part that is to come next. */
  uploaded: z.number().int(),
  next_part: z.number().int(),
  part_size_max: z.literal(MAX_IMPORT_PART_BYTES),
  /** Bytes of the file that were read so far. */
  bytes_read: z.number().int(),
  /** Messages that are new in the mailbox, those that were in it already, and what could not be read. */
  imported: z.number().int(),
  already_here: z.number().int(),
  unreadable: z.number().int(),
});
export type ImportSummary = z.infer<typeof ImportSummary>;

export const Import = ImportSummary.extend({
  /** What could not be read and why: the first thousand. */
  report: z.array(ReportEntry),
});
export type Import = z.infer<typeof Import>;

export const ImportList = z.object({ imports: z.array(ImportSummary) });

/** `GET /v1/export` */
export const ExportQuery = z
  .object({
    format: z.enum(["mbox", "zip"]).default("mbox"),
    folder: FolderId.optional(),
    /** As in search. */
    q: z.string().max(MAX_QUERY_CHARACTERS).optional(),
  })
  .refine(({ folder, q }) => folder === undefined || q === undefined, "folder and q go alone: a query may say in:");
export type ExportQuery = z.infer<typeof ExportQuery>;
