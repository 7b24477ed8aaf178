/** Folders as archives name them, made folders that a mailbox can have. */
import type { FolderRole } from "../../contract/folders.ts";

/** A default folder, one below it, or one of the owner's own at the top (`role` null). */
export interface ArchiveFolder {
  role: FolderRole | null;
  /** Names from the outside in; may be empty only with a role. */
  path: string[];
}

export const INBOX: ArchiveFolder = { role: "inbox", path: [] };

/** What mail programs call the folders that RFC 6154 gives a use. Lower case. */
const ROLES: Record<string, FolderRole> = {
  inbox: "inbox",
  archive: "archive",
  archives: "archive",
  archived: "archive",
  "all mail": "archive",
  drafts: "drafts",
  draft: "drafts",
  sent: "sent",
  "sent mail": "sent",
  "sent items": "sent",
  "sent messages": "sent",
  junk: "junk",
  spam: "junk",
  "junk e-mail": "junk",
  "junk email": "junk",
  "bulk mail": "junk",
  trash: "trash",
  bin: "trash",
  "deleted items": "trash",
  "deleted messages": "trash",
};

/** The containers that Gmail's IMAP puts around its own folders. */
const GMAIL_CONTAINER = /^\[(?:gmail|google mail)\]$/i;

const roleNamed = (name: string): FolderRole | null =>
  Object.hasOwn(ROLES, name.trim().toLowerCase()) ? (ROLES[name.trim().toLowerCase()] ?? null) : null;

/** From names, outermost first. No names at all are the inbox. */
export function folderAt(names: string[]): ArchiveFolder {
  const [first = "", ...rest] = names.map(folderName).filter((name) => name !== "");
  if (first === "") return INBOX;
  if (GMAIL_CONTAINER.test(first) && rest.length > 0) return folderAt(rest);
  const role = roleNamed(first);
  return role === null ? { role: null, path: [first, ...rest] } : { role, path: rest };
}

/** As contract/folders.ts wants a name: visible, bounded, on one line, without a separator. Empty where nothing is left. */
export function folderName(text: string): string {
  const name = text
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\ufffd\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .replaceAll("/", "-")
    .trim()
    .slice(0, 100)
    .toWellFormed()
    .replaceAll("\ufffd", "")
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(name) ? name : "";
}
