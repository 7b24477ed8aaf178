/** X-Gmail-Labels, as Takeout writes it in front of each message: system labels are folders and flags, the rest are folders. */
import { decodeHeaderText } from "../parse/header-text.ts";
import { type ArchiveFolder, folderAt } from "./archive-folder.ts";
import type { Flags } from "./entry-place.ts";

/** A message with labels beyond this is nobody's. */
const MAX_TEXT = 16_384;
const MAX_LABELS = 100;

export interface Labelled {
  folders: ArchiveFolder[];
  flags: Flags;
}

export function readGmailLabels(value: string): Labelled {
  const labels = splitLabels(decodeHeaderText(value, MAX_TEXT)).slice(0, MAX_LABELS);
  const names = new Set(labels.map((label) => label.toLowerCase()));
  const flags: Flags = {
    is_read: !names.has("unread"),
    is_flagged: names.has("starred"),
    is_draft: names.has("drafts") || names.has("draft"),
    is_answered: false,
  };
  const folders = labels.filter((label) => !isMark(label)).map((label) => folderAt(label.split("/")));
  // What was thrown away is there alone, whatever labels are left on it.
  const away = folders.find(({ role, path }) => path.length === 0 && (role === "trash" || role === "junk"));
  if (away !== undefined) return { folders: [away], flags };
  const archive: ArchiveFolder = { role: "archive", path: [] };
  // Archived only says that it is not in the inbox: another folder says more.
  const others = folders.filter(({ role, path }) => !(role === "archive" && path.length === 0));
  return { folders: others.length > 0 ? others : [archive], flags };
}

const MARKS = new Set(["unread", "opened", "starred", "important", "chat", "chats", "muted", "snoozed", "scheduled"]);

/** Labels that say something of a message, and no place where anyone would look for it. */
const isMark = (label: string): boolean => MARKS.has(label.toLowerCase()) || /^category[ _]/i.test(label);

/** Commas between labels; one that has a comma in it stands in quotes, where a quote is written twice or behind a \. */
export function splitLabels(text: string): string[] {
  const found = text.matchAll(/\s*(?:"((?:[^"\\]|\\.|"")*)"|([^,]*))\s*(?:,|$)/gy);
  return Array.from(found, ([, quoted, plain = ""]) =>
    (quoted === undefined
      ? plain
      : quoted.replaceAll(/""|\\(.)/g, (_pair, escaped: string | undefined) => escaped ?? '"')
    ).trim(),
  ).filter((label) => label !== "");
}
