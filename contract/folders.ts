/** Folders on the wire. */
import { z } from "zod";
import { FolderId, UserId } from "./ids.ts";

/** Special use after RFC 6154. */
export const FolderRole = z.enum(["inbox", "archive", "drafts", "flagged", "junk", "sent", "trash", "all"]);
export type FolderRole = z.infer<typeof FolderRole>;

export const Folder = z.object({
  id: FolderId,
  name: z.string(),
  role: FolderRole.nullable(),
  parent_id: FolderId.nullable(),
  user_id: UserId,
  total: z.number().int(),
  unread: z.number().int(),
  /** Bytes of the messages in it. */
  size: z.number().int(),
});
export type Folder = z.infer<typeof Folder>;

/**
 * What every mail program can show and type: something visible, without control characters, line ends, bidirectional
 * controls, path separators and space at the ends. In NFC (RFC 5198 §2), so that names that look alike are alike.
 */
export const FolderName = z
  .string()
  .normalize("NFC")
  .min(1)
  .max(100)
  .refine(
    (name) =>
      name === name.trim() && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069/]/u.test(name),
    "has a control character, a / or outer space",
  )
  .refine((name) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(name), "has nothing to be seen");

export const CreateFolder = z.strictObject({ name: FolderName, parent_id: FolderId.nullable().default(null) });
export type CreateFolder = z.infer<typeof CreateFolder>;

export const UpdateFolder = z
  .strictObject({ name: FolderName.optional(), parent_id: FolderId.nullable().optional() })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateFolder = z.infer<typeof UpdateFolder>;
