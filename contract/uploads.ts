/**
 * Files on their way into messages that are being written: sent once, in parts, and then named by the upload's id in
 * as many drafts and messages as one likes. See docs/sending.md.
 */
import { z } from "zod";
import { UploadId, UserId } from "./ids.ts";
import { MAX_UPLOAD_PART_BYTES } from "./limits.ts";

/** A media type with or without parameters (RFC 2045 §5.1), in visible ASCII: nothing in it can end a header field. */
export const MediaType = z
  .string()
  .max(500)
  .regex(
    /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:[ ]*;[ ]*[\w!#$&^.+-]+=(?:[!#-:<-[\]-~]+|"[ !#-[\]-~]*"))*$/,
    "not a media type",
  );

export const FileName = z.string().min(1).max(255);

/** `POST /v1/uploads`. The bytes follow. */
export const CreateUpload = z.strictObject({
  filename: FileName,
  content_type: MediaType.default("application/octet-stream"),
  size: z.number().int().min(1),
});
export type CreateUpload = z.infer<typeof CreateUpload>;

/** `PUT /v1/uploads/{id}?offset=`: where in the file the bytes of this part begin. */
export const UploadOffset = z.object({ offset: z.coerce.number().int().min(0) });

export const Upload = z.object({
  id: UploadId,
  user_id: UserId,
  filename: z.string(),
  content_type: z.string(),
  size: z.number().int(),
  /** Bytes that are here. The next part begins there; when all are, `is_complete` says that the file may be attached. */
  received: z.number().int(),
  is_complete: z.boolean(),
  part_size_max: z.literal(MAX_UPLOAD_PART_BYTES),
  created_at: z.iso.datetime(),
  /** Until then a message may name it. What messages have taken stays with them. */
  expires_at: z.iso.datetime(),
});
export type Upload = z.infer<typeof Upload>;
