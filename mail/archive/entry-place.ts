/**
 * What the name of a file in an archive says of it: a message of a Maildir, an .eml in folders, a whole mbox, or nothing
 * of ours. Names are data: they choose a folder and flags, and never a path on anyone's disk.
 */
import { type ArchiveFolder, folderAt } from "./archive-folder.ts";
import { decodeModifiedUtf7 } from "./modified-utf7.ts";

export interface Flags {
  is_read: boolean;
  is_flagged: boolean;
  is_draft: boolean;
  is_answered: boolean;
}

export type EntryPlace =
  | {
      kind: "message";
      folder: ArchiveFolder;
      /** Null where the name says nothing of flags. */
      flags: Flags | null;
      is_deleted: boolean;
      /** When the message came, as a Maildir's file name says: exactly so where Mailmesh gave the name. */
      named_at: number | null;
      is_named_by_us: boolean;
    }
  /** Perhaps an mbox: its first bytes decide. `folder` is null where its messages say themselves where they belong. */
  | { kind: "mbox"; folder: ArchiveFolder | null }
  | { kind: "other" };

export function placeOfEntry(path: string): EntryPlace {
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  const file = parts.pop() ?? "";
  const holder = parts.at(-1);
  if (holder === "cur" || holder === "new") return message(maildirFolder(parts.slice(0, -1)), file, holder === "cur");
  if (holder === "tmp" || file.startsWith(".") || file.startsWith("._") || parts.includes("__MACOSX")) return OTHER;
  if (/\.eml$/i.test(file)) return message(folderAt(parts), file, false);
  if (/\.(?:mbox|mbx)$/i.test(file) || !file.includes(".")) return { kind: "mbox", folder: mboxFolder(parts, file) };
  return OTHER;
}

const OTHER: EntryPlace = { kind: "other" };

/** `:2,` is Maildir's; file systems and zips that take no colon have `;` or `!` there. */
const INFO = /[:;!]2,([A-Za-z]*)(?:\.eml)?$/;
/** Seconds, and microseconds where the writer had them: `1764035182.M123456P42.host`. */
const NAMED_AT = /^(\d{9,11})\.(?:M(\d{1,6})(?!\d))?/;
/** No sender has a say in a file's name. */
const OWN_NAME = /^\d{9,11}\.M\d{6}P\w+\.mailmesh[;,]/;

/** The name that Mailmesh gives a message in a zip. `place` keeps two of the same moment apart. */
export function fileNameOf(
  receivedAt: number,
  place: string,
  { is_read, is_flagged, is_draft, is_answered }: Flags,
): string {
  const seconds = String(Math.floor(receivedAt / 1000)).padStart(10, "0");
  const micros = String((receivedAt % 1000) * 1000).padStart(6, "0");
  const letters = `${is_draft ? "D" : ""}${is_flagged ? "F" : ""}${is_answered ? "R" : ""}${is_read ? "S" : ""}`;
  return `${seconds}.M${micros}P${place}.mailmesh;2,${letters}.eml`;
}

function message(folder: ArchiveFolder, file: string, hasFlags: boolean): EntryPlace {
  const [, letters] = INFO.exec(file) ?? [];
  const [, seconds, micros = "0"] = NAMED_AT.exec(file) ?? [];
  const has = (letter: string) => letters?.includes(letter) ?? false;
  return {
    kind: "message",
    folder,
    // In `cur` a name without flags is a message that was seen by a program and not read. In `new` nobody saw it.
    flags:
      letters === undefined && !hasFlags && /\.eml$/i.test(file)
        ? null
        : { is_read: has("S"), is_flagged: has("F"), is_draft: has("D"), is_answered: has("R") },
    is_deleted: has("T"),
    named_at: seconds === undefined ? null : Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
    is_named_by_us: OWN_NAME.test(file),
  };
}

/**
 * Maildir++: `.Sent.2024` beside `cur` is the folder 2024 in Sent. Otherwise folders are directories (Dovecot's LAYOUT=fs)
 * below a root, which is called Maildir, or is the first directory of the archive.
 */
function maildirFolder(directories: string[]): ArchiveFolder {
  const last = directories.at(-1) ?? "";
  if (last.length > 1 && last.startsWith(".") && !ROOT.test(last)) {
    return folderAt(last.slice(1).split(".").map(decodeModifiedUtf7));
  }
  const root = directories.findIndex((name) => ROOT.test(name));
  return folderAt(directories.slice(root < 0 ? 1 : root + 1).map(decodeModifiedUtf7));
}

const ROOT = /^\.?(?:maildir|mail)$/i;

/** Thunderbird keeps `Work` beside `Work.sbd/2024`. In Takeout the labels are in the messages, and the files are parts. */
function mboxFolder(directories: string[], file: string): ArchiveFolder | null {
  const name = file.replace(/\.(?:mbox|mbx)$/i, "");
  if (/takeout/i.test(directories[0] ?? "") || /^all mail including/i.test(name)) return null;
  const parents = directories.filter((part) => /\.sbd$/i.test(part)).map((part) => part.slice(0, -4));
  return folderAt([...parents, name]);
}
