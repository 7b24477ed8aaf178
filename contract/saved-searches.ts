/** Searches that are kept, by name or because they were made lately, and what a search box suggests. */
import { z } from "zod";
import { Address } from "./addresses.ts";
import { FolderRole } from "./folders.ts";
import { FolderId, UserId } from "./ids.ts";
import { MAX_QUERY_CHARACTERS } from "./limits.ts";

export const SavedSearchId = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{16}$/, "not a search id")
  .brand<"SavedSearchId">();
export type SavedSearchId = z.infer<typeof SavedSearchId>;

export const SavedSearch = z.object({
  id: SavedSearchId,
  user_id: UserId,
  /** Null for one that was only made. */
  name: z.string().nullable(),
  query: z.string(),
  used_at: z.iso.datetime(),
});
export type SavedSearch = z.infer<typeof SavedSearch>;

/** Without a name it is remembered as one that was made. */
export const SaveSearch = z.strictObject({
  name: z.string().normalize("NFC").trim().min(1).max(100).nullable().default(null),
  query: z.string().trim().min(1).max(MAX_QUERY_CHARACTERS),
});
export type SaveSearch = z.infer<typeof SaveSearch>;

export const SuggestFor = z.object({ q: z.string().max(200).default("") });

export const Suggestions = z.object({
  /** Of recent messages, those first who occur most. */
  people: z.array(Address),
  folders: z.array(z.object({ id: FolderId, name: z.string(), role: FolderRole.nullable() })),
  /** Those with names first, then those made lately. */
  searches: z.array(SavedSearch),
});
export type Suggestions = z.infer<typeof Suggestions>;
