/** A message as an archive has it: its bytes, and where, how and when it was kept. */
import type { ArchiveFolder } from "./archive-folder.ts";
import type { EntryPlace, Flags } from "./entry-place.ts";
import { parseFromLine } from "./from-line.ts";
import { readMarks } from "./message-marks.ts";
import { flagsOf, foldersOf, takeOwnMark } from "./own-mark.ts";

export interface FoundMessage {
  /** For people: a path in the archive, a byte in the file. */
  where: string;
  /** The message, exactly. */
  bytes: Uint8Array<ArrayBuffer>;
  /** So many of them were added by a mesh that had it before, in front of what came. */
  added: number;
  /** At least one. */
  folders: ArchiveFolder[];
  flags: Flags;
  keywords: string[];
  /** Milliseconds: when it came, as far as anything says so. */
  received_at: number | null;
  return_path: string;
  delivered_to: string[];
}

/** Old mail that says nothing of having been read was read: nobody brings in ten thousand new messages. */
const READ: Flags = { is_read: true, is_flagged: false, is_draft: false, is_answered: false };

export function fromMbox(
  bytes: Uint8Array<ArrayBuffer>,
  where: string,
  fromLine: Uint8Array,
  folder: ArchiveFolder,
): FoundMessage | "deleted" {
  const own = takeOwnMark(fromLine, bytes);
  if (own !== null) {
    const folders = foldersOf(own.mark);
    const { added, keywords, received_at, return_path, delivered_to } = own.mark;
    return {
      ...{ where, bytes: own.bytes, added, folders: folders.length > 0 ? folders : [folder] },
      ...{ flags: flagsOf(own.mark), keywords, received_at, return_path, delivered_to },
    };
  }
  const separator = parseFromLine(fromLine);
  const times = { exact: null, archived: separator.at, copied: null };
  return found(bytes, where, { folder, flags: null, times, return_path: separator.sender });
}

export function fromFile(
  bytes: Uint8Array<ArrayBuffer>,
  where: string,
  place: Extract<EntryPlace, { kind: "message" }>,
  modifiedAt: number | null,
): FoundMessage | "deleted" {
  const { folder, flags, named_at, is_named_by_us } = place;
  const times = { exact: is_named_by_us ? named_at : null, archived: named_at, copied: modifiedAt };
  return found(bytes, where, { folder, flags, times, return_path: "" });
}

interface Archived {
  folder: ArchiveFolder;
  flags: Flags | null;
  times: {
    /** Beyond doubt. */
    exact: number | null;
    /** When it was put into the archive, which may have been a copy of another. */
    archived: number | null;
    /** When the file was written, which may have been yesterday. */
    copied: number | null;
  };
  return_path: string;
}

function found(bytes: Uint8Array<ArrayBuffer>, where: string, archived: Archived): FoundMessage | "deleted" {
  const marks = readMarks(bytes);
  if (marks.is_deleted) return "deleted";
  const folders = marks.folders ?? [archived.folder];
  const flags = { ...(archived.flags ?? marks.flags ?? READ) };
  flags.is_draft ||= folders.some(({ role, path }) => role === "drafts" && path.length === 0);
  const { exact, archived: kept, copied } = archived.times;
  // The field of the last server on the way is about this very message.
  const times = [exact, marks.received_at, kept, marks.sent_at, copied];
  return {
    ...{ where, bytes, added: 0, folders, flags, keywords: flags.is_answered ? ["$answered"] : [] },
    received_at: times.find((time) => time !== null && time > 0) ?? null,
    return_path: marks.return_path || archived.return_path,
    delivered_to: marks.delivered_to,
  };
}
