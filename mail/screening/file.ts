/**
 * One file of a message: its name, how it begins, and what is in it where it is a zip or a message. Documents with
 * macros pass: offices send them to each other every day.
 */
import { describeAttachment, sortContents } from "../parse/contents.ts";
import { readStructure } from "../parse/structure.ts";
import { decodeBody, type TransferEncoding } from "../parse/transfer-encoding.ts";
import { beginsAsZip, HEAD_BYTES, screenBytes } from "./file-bytes.ts";
import { type Sign, screenName } from "./file-name.ts";
import type { Findings } from "./findings.ts";
import { Allowance, isUnreadable, zipMembers } from "./zip-members.ts";

export interface NamedFile {
  filename: string;
  content_type: string;
}

/** A zip in a zip, or either in a message that is attached: what is deeper has not been seen in honest mail. */
const MAX_DEPTH = 3;

/** What is told without the whole file: `head` is its first `HEAD_BYTES`. */
export function screenHead(findings: Findings, at: string, { filename }: NamedFile, head: Uint8Array): void {
  addAll(findings, at, "", [...screenName(filename), ...screenBytes(head.subarray(0, HEAD_BYTES))]);
}

/** Whether there are files in it, so that it must be read whole. */
export const holdsFiles = (file: NamedFile, head: Uint8Array): boolean => isZip(file, head) || isMessage(file);

const isZip = ({ filename }: NamedFile, head: Uint8Array) => beginsAsZip(head) || /\.zip$/i.test(filename);
const isMessage = ({ filename, content_type }: NamedFile) =>
  /^message\/(?:rfc822|global)\b/i.test(content_type) || /\.eml$/i.test(filename);

/** All of it. The allowance is one for a message: what is in its files is inflated at our cost. */
export async function screenFile(
  findings: Findings,
  at: string,
  file: NamedFile,
  bytes: Uint8Array,
  allowance = new Allowance(),
): Promise<void> {
  screenHead(findings, at, file, bytes);
  await screenInside({ findings, at, allowance, depth: 1 }, file, bytes);
}

interface Place {
  findings: Findings;
  at: string;
  allowance: Allowance;
  depth: number;
}

async function screenInside(place: Place, file: NamedFile, bytes: Uint8Array): Promise<void> {
  // Empty: it is kept elsewhere, and comes by itself.
  if (place.depth > MAX_DEPTH || bytes.length === 0) return;
  const inner = { ...place, depth: place.depth + 1 };
  if (isZip(file, bytes)) await screenZip(inner, bytes);
  else if (isMessage(file)) await screenEnclosed(inner, bytes);
}

async function screenZip(place: Place, bytes: Uint8Array): Promise<void> {
  const { findings, at } = place;
  const unreadable = { at, code: "unreadable_archive", words: "is an archive that cannot be looked into" } as const;
  try {
    for await (const { filename, head, whole } of zipMembers(bytes, place.allowance)) {
      addAll(findings, at, filename, [...screenName(filename), ...screenBytes(head ?? new Uint8Array())]);
      const file = { filename, content_type: "" };
      const isOpened = head !== null && place.depth <= MAX_DEPTH && holdsFiles(file, head);
      const inside = isOpened ? whole() : null;
      if (inside !== null) await screenInside(place, file, inside);
      if (head === null || (isOpened && inside === null)) findings.add(unreadable);
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    findings.add(unreadable);
  }
}

/** Its files, not its words: whoever passes on a fraud to ask about it commits none. */
async function screenEnclosed(place: Place, bytes: Uint8Array): Promise<void> {
  for (const { file, content } of filesOf(bytes)) {
    const body = content();
    addAll(place.findings, place.at, file.filename, [...screenName(file.filename), ...screenBytes(body)]);
    await screenInside(place, file, body);
  }
}

export interface FileInMessage {
  file: NamedFile;
  encoding: TransferEncoding;
  content: () => Uint8Array;
}

/** The attachments of a message in its own order. */
export function filesOf(bytes: Uint8Array): FileInMessage[] {
  return sortContents(readStructure(bytes).root).attached.map((found, n) => {
    const { bodyStart, bodyEnd, encoding } = found.part;
    return {
      file: describeAttachment(bytes, found, n, new Set()),
      encoding,
      content: () => decodeBody(bytes.subarray(bodyStart, bodyEnd), encoding),
    };
  });
}

function addAll(findings: Findings, at: string, inside: string, signs: Sign[]): void {
  const where = inside === "" ? "" : `in it, ${JSON.stringify(inside.slice(-100).toWellFormed())} `;
  for (const { code, words } of signs) findings.add({ at, code, words: where + words });
}
