/**
 * What Mailmesh writes in front of a message that it exports to an mbox, so that another account gets it as it was:
 * folders, flags, times, and how the bytes were. Three header fields, which other programs show or pass over:
 *
 *     From zoe@far.example Wed Nov 25 01:46:22 2026 remote from mailmesh
 *     Status: RO
 *     X-Status: F
 *     X-Mailmesh: {"size":1234, …}
 *     Subject: the message's own first line
 *
 * Importing takes exactly these three lines off again, and only behind a From_ line that ends as above, which no sender
 * can bring about: a message may say `X-Mailmesh` about itself for as long as it likes.
 */
import { z } from "zod";
import { type ArchiveFolder, folderName } from "./archive-folder.ts";
import type { Flags } from "./entry-place.ts";
import { parseFromLine } from "./from-line.ts";
import { withCrlf } from "./line-ends.ts";

const ROLE = z.enum(["inbox", "archive", "drafts", "flagged", "junk", "sent", "trash", "all"]);

const OwnMark = z.object({
  /** Bytes of the message as it was, added fields included, and how many of these were added by the mesh. */
  size: z.number().int().min(0),
  added: z.number().int().min(0),
  /** `crlf`: every line ended so, and the mbox has LF instead. */
  line_ends: z.enum(["crlf", "as_is"]),
  received_at: z.number().int().min(0),
  return_path: z.string().max(254),
  delivered_to: z.array(z.string().max(254)).max(1000),
  folders: z.array(z.object({ role: ROLE.nullable(), path: z.array(z.string()).max(20) })).max(200),
  is_read: z.boolean(),
  is_flagged: z.boolean(),
  is_draft: z.boolean(),
  keywords: z.array(z.string().max(100)).max(100),
});
export type OwnMark = z.infer<typeof OwnMark>;

export function formatOwnMark(mark: OwnMark): string {
  const flags = `${mark.keywords.includes("$answered") ? "A" : ""}${mark.is_flagged ? "F" : ""}${mark.is_draft ? "T" : ""}`;
  // Each line of the JSON but the first begins with a space, which folds the field (RFC 5322 §2.2.3).
  const json = JSON.stringify(mark, null, 1)
    .replaceAll(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("\n", "\n ");
  return `Status: ${mark.is_read ? "R" : ""}O\nX-Status: ${flags}\nX-Mailmesh: ${json}\n`;
}

/** The JSON ends at the only line that is a brace behind one space. */
const BLOCK = /^Status: R?O\r?\nX-Status: A?F?T?\r?\nX-Mailmesh: (\{\r?\n(?: .*\r?\n)*? \}\r?\n)/;
/** A mark of two hundred long folder names, escaped. */
export const MAX_OWN_MARK = 256 * 1024;

export interface Marked {
  mark: OwnMark;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The message without the mark; null where there is none, or the message is not any more what the mark says. */
export function takeOwnMark(fromLine: Uint8Array, bytes: Uint8Array): Marked | null {
  if (!parseFromLine(fromLine).is_own) return null;
  const block = BLOCK.exec(new TextDecoder("latin1").decode(bytes.subarray(0, MAX_OWN_MARK)));
  const mark = OwnMark.safeParse(jsonOrNull(block?.[1] ?? ""));
  if (block === null || !mark.success) return null;
  const rest = bytes.subarray(block[0].length);
  const restored = mark.data.line_ends === "crlf" ? withCrlf(rest) : new Uint8Array(rest);
  const { size, added } = mark.data;
  // The mbox ends each message with a line end, whether the message did or not.
  if (restored.byteLength < size || restored.byteLength > size + 2 || added > size) return null;
  return { mark: mark.data, bytes: restored.slice(0, size) };
}

export function foldersOf(mark: OwnMark): ArchiveFolder[] {
  const folders = mark.folders.map(({ role, path }) => ({
    role,
    path: path.map(folderName).filter((name) => name !== ""),
  }));
  return folders.filter(({ role, path }) => role !== null || path.length > 0);
}

export function flagsOf({ is_read, is_flagged, is_draft, keywords }: OwnMark): Flags {
  return { is_read, is_flagged, is_draft, is_answered: keywords.includes("$answered") };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
