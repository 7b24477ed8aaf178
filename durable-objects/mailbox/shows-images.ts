/**
 * Whether a message's remote images may be loaded without asking its reader. They tell their owner that the address is
 * read, so a sender whom the owner trusts with that must be the one who sent it: anybody can write a name into From.
 */
import { ROLE_ID } from "./folder-roles.ts";
import type { MailboxDb, MessageRow } from "./mailbox-database.ts";
import { hasImagesShown } from "./sender-treatments.ts";
import { readSettings } from "./settings.ts";

export function showsImages(db: MailboxDb, { from, authentication, folder_ids }: MessageRow): boolean {
  if (folder_ids.includes(ROLE_ID.junk) || authentication?.sender === "forged") return false;
  switch (readSettings(db).remote_images) {
    case "always":
      return true;
    case "never":
      return false;
    case "ask":
      return authentication?.sender === "verified" && from !== null && hasImagesShown(db, from.email);
  }
}
