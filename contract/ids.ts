/**
 * The ids that cross a wire. Each is an opaque short string to everyone outside the object that made it.
 * They are branded, so that a thread id cannot pass for a message id.
 */
import { z } from "zod";

/** An account's id, and the name of its Mailbox object: `u` and 16 base32 characters (80 random bits). */
export const UserId = z
  .string()
  .regex(/^u[0-9a-hjkmnp-tv-z]{16}$/, "not a user id")
  .brand<"UserId">();
export type UserId = z.infer<typeof UserId>;

/** Eleven base32 characters carry the 53 bits of a safe integer. See durable-objects/mailbox/object-ids.ts. */
const OBJECT_ID = /^[0-9a-hjkmnp-tv-z]{11}$/;

export const MessageId = z.string().regex(OBJECT_ID, "not a message id").brand<"MessageId">();
export type MessageId = z.infer<typeof MessageId>;

export const ThreadId = z.string().regex(OBJECT_ID, "not a thread id").brand<"ThreadId">();
export type ThreadId = z.infer<typeof ThreadId>;

export const FolderId = z.string().regex(OBJECT_ID, "not a folder id").brand<"FolderId">();
export type FolderId = z.infer<typeof FolderId>;

export const SubmissionId = z.string().regex(OBJECT_ID, "not a submission id").brand<"SubmissionId">();
export type SubmissionId = z.infer<typeof SubmissionId>;

export const IdentityId = z.string().regex(OBJECT_ID, "not an identity id").brand<"IdentityId">();
export type IdentityId = z.infer<typeof IdentityId>;

/** Twenty random base32 characters: uploads are few, and come and go. */
export const UploadId = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{20}$/, "not an upload id")
  .brand<"UploadId">();
export type UploadId = z.infer<typeof UploadId>;

export const ImportId = z.string().regex(OBJECT_ID, "not an import id").brand<"ImportId">();
export type ImportId = z.infer<typeof ImportId>;
