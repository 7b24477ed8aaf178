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
});
export type Folder = z.infer<typeof Folder>;

/** No control characters, no path separator, no space at the ends: what every mail program can show and type. */
export const FolderName = z
  .string()
  .min(1)
  .max(100)
  .refine((name) => name === name.trim() && !/[\p{Cc}/]/u.test(name), "has a control character, a / or outer space");

export const CreateFolder = z.object({ name: FolderName, parent_id: FolderId.nullable().default(null) });
export type CreateFolder = z.infer<typeof CreateFolder>;

export const UpdateFolder = z
  .object({ name: FolderName.optional(), parent_id: FolderId.nullable().optional() })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateFolder = z.infer<typeof UpdateFolder>;
