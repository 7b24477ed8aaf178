/** What a message that is being written refers to: files that were uploaded, attachments and messages that are here. */
import { Failure, notFound } from "../../contract/failure.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import type { StoredAttachment } from "../../schema/mailbox/tables.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { requireMessage } from "./read-messages.ts";
import { requireUpload, type UploadProgress } from "./upload-row.ts";
import { keepUpload } from "./uploads.ts";

/** One of them, and its number among the attachments of the message. */
export interface WantedAttachment {
  at: number;
  upload_id?: string | undefined;
  message_id?: string | undefined;
  n?: number | undefined;
}

export type FoundAttachment =
  | {
      kind: "upload";
      filename: string;
      content_type: string;
      sha256: string;
      size: number;
      form: UploadProgress["form"];
    }
  | { kind: "part"; raw_key: string; info: StoredAttachment }
  | { kind: "message"; raw_key: string; size: number; subject: string };

/** In the order in which they are wanted. Throws with every one that is not here. */
export function findAttached(box: Mailbox, wanted: WantedAttachment[], now: number): FoundAttachment[] {
  const missing: ProblemIssue[] = [];
  const found = wanted.flatMap((one) => {
    try {
      return [find(box, one, now)];
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== "not_found") throw error;
      const field = one.upload_id === undefined ? "message_id" : "upload_id";
      missing.push({ at: `body.attachments.${one.at}.${field}`, message: error.message });
      return [];
    }
  });
  if (missing.length > 0) throw new Failure("not_found", "An attachment is not here.", missing);
  return found;
}

function find(box: Mailbox, { at, upload_id, message_id, n }: WantedAttachment, now: number): FoundAttachment {
  if (upload_id !== undefined) return uploaded(box, upload_id, at, now);
  const row = requireMessage(box, message_id ?? "");
  const { raw_key, added_fields, subject } = row;
  if (n === undefined) {
    const size = row.size - new TextEncoder().encode(added_fields).byteLength;
    return { kind: "message", raw_key, size, subject };
  }
  const info = row.attachments.find((attachment) => attachment.n === n);
  if (info === undefined) throw notFound("attachment");
  return { kind: "part", raw_key, info };
}

function uploaded(box: Mailbox, id: string, at: number, now: number): FoundAttachment {
  const row = requireUpload(box.db, id, now);
  const { filename, content_type, sha256, size, received, progress } = row;
  if (sha256 === null) {
    throw new Failure("conflict", `Of the file ${received} bytes of ${size} are here: it cannot be attached yet.`, [
      { at: `body.attachments.${at}.upload_id`, message: "not complete" },
    ]);
  }
  keepUpload(box.db, row, now);
  return { kind: "upload", ...{ filename, content_type, sha256, size, form: progress.form } };
}
