/** One file of a message: its name, how it begins, and what is in it where it is an archive, a document or a message. */
import { describeAttachment, givenFileName, sortContents } from "../parse/contents.ts";
import { readStructure } from "../parse/structure.ts";
import { decodeBody, type TransferEncoding } from "../parse/transfer-encoding.ts";
import { detectType, isPage, pageText, pretends, TYPE_BYTES } from "./content-type.ts";
import { beginsAsZip, HEAD_BYTES, screenBytes } from "./file-bytes.ts";
import { type Sign, screenName } from "./file-name.ts";
import type { Findings } from "./findings.ts";
import { readHtmlSigns } from "./html-signs.ts";
import { isOle, oleSigns } from "./ole-signs.ts";
import { isRar, rarMembers } from "./rar-members.ts";
import { isSevenZip, sevenZipSigns } from "./seven-zip.ts";
import { Allowance, isUnreadable, zipMembers } from "./zip-members.ts";

export interface NamedFile {
  filename: string;
  content_type: string;
}

/** A zip in a zip in a message that is attached: what is deeper has not been seen in honest mail. */
const MAX_DEPTH = 4;
const MAX_NAME = 1000;
/** As much of a page as is looked through for scripts. */
const MAX_PAGE = 1024 * 1024;

const UNREADABLE = { code: "unreadable_archive", words: "is an archive that cannot be looked into" } as const;
const ENCRYPTED = {
  code: "encrypted_archive",
  words: "is an archive with a password: nobody could look into it",
} as const;
/** Of Word, Excel (its older kind too) and PowerPoint; of LibreOffice. */
const MACROS = /(?:^|\/)vbaProject\.bin$|^xl\/macrosheets\/|^Basic\/[^/]+\/[^/]+\.xml$/i;
/** Office goes by the types in this list and not by names (ECMA-376 part 2). */
const TYPE_LIST = "[Content_Types].xml";
const MACRO_TYPES = /macrosheet|vbaProject|macroEnabled/i;

/** What is told without the whole file: `head` is its beginning, `HEAD_BYTES` of it at least. */
export function screenHead(findings: Findings, at: string, { filename }: NamedFile, head: Uint8Array): void {
  addAll(findings, at, "", [...screenName(filename), ...screenBytes(head.subarray(0, HEAD_BYTES))]);
}

/** Whether there are files in it, so that it must be read whole. */
export const holdsFiles = (file: NamedFile, head: Uint8Array): boolean =>
  isZip(file, head) || isMessage(file) || isRar(head);

/** Whether more can be told of it when it is read whole. */
export const needsWhole = (file: NamedFile, head: Uint8Array, detected: string | null): boolean =>
  holdsFiles(file, head) || isOle(head) || isSevenZip(head) || isPage(file, detected);

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
  const detected = await detectType(bytes.subarray(0, TYPE_BYTES));
  if (detected !== null && pretends(file, detected)) addAll(findings, at, "", [differs(detected)]);
  if (isPage(file, detected)) addAll(findings, at, "", pageSigns(bytes));
  await screenInside({ findings, at, allowance, depth: 1 }, "", file, bytes);
}

export const differs = (detected: string): Sign => ({ code: "type_differs", words: `is of another type: ${detected}` });

function pageSigns(bytes: Uint8Array): Sign[] {
  return readHtmlSigns(pageText(bytes.subarray(0, MAX_PAGE))).hasScript
    ? [{ code: "page_script", words: "is a page with a script in it" }]
    : [];
}

interface Place {
  findings: Findings;
  at: string;
  allowance: Allowance;
  depth: number;
}

/** `inside`: its name, where it is in another file. */
async function screenInside(place: Place, inside: string, file: NamedFile, bytes: Uint8Array): Promise<void> {
  // Empty: it is kept elsewhere, and comes by itself.
  if (place.depth > MAX_DEPTH || bytes.length === 0) return;
  const add = (signs: Sign[]) => addAll(place.findings, place.at, inside, signs);
  if (isOle(bytes)) return add(oleSigns(bytes));
  if (isSevenZip(bytes)) return add(sevenZipSigns(bytes));
  const inner = { ...place, depth: place.depth + 1 };
  if (isZip(file, bytes)) await screenZip(inner, inside, bytes);
  else if (isRar(bytes)) screenRar(inner, inside, bytes);
  else if (isMessage(file)) await screenEnclosed(inner, bytes);
}

/**
 * What stands in front of an archive may be another one, which its directory does not name. Some unpackers open the
 * first, some the last, some all: so each is looked into.
 */
async function screenZip(place: Place, inside: string, bytes: Uint8Array): Promise<void> {
  const add = (signs: Sign[]) => addAll(place.findings, place.at, inside, signs);
  try {
    for (let zip = bytes; ; ) {
      const start = await screenArchive(place, inside, zip);
      if (start === 0 || !beginsAsZip(zip)) return;
      // Files without a directory, or more archives than anybody sends.
      if (start === null || place.allowance.members <= 0) return add([UNREADABLE]);
      zip = zip.subarray(0, start);
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    add([UNREADABLE]);
  }
}

/** Where its first file or folder begins; null without any. */
async function screenArchive(place: Place, inside: string, bytes: Uint8Array): Promise<number | null> {
  const add = (name: string, signs: Sign[]) => addAll(place.findings, place.at, name, signs);
  let start: number | null = null;
  for await (const member of zipMembers(bytes, place.allowance)) {
    const { path, filename, name_in_front, head, isEncrypted, whole } = member;
    start = Math.min(start ?? bytes.length, member.starts_at);
    if (member.isFolder) continue;
    add(filename, [...screenName(filename), ...screenName(name_in_front), ...screenBytes(head ?? new Uint8Array())]);
    if (MACROS.test(path) || (path === TYPE_LIST && hasMacroTypes(whole())))
      add(inside, [{ code: "macros", words: "is a document with macros" }]);
    const file = { filename, content_type: "" };
    const isOpened = head !== null && place.depth <= MAX_DEPTH && needsWhole(file, head, null);
    const content = isOpened ? whole() : null;
    if (content !== null) await screenInside(place, filename, file, content);
    if (isEncrypted) add(inside, [ENCRYPTED]);
    else if (head === null || (isOpened && content === null)) add(inside, [UNREADABLE]);
  }
  return start;
}

const hasMacroTypes = (list: Uint8Array | null): boolean =>
  list !== null && MACRO_TYPES.test(new TextDecoder().decode(list.subarray(0, MAX_PAGE)));

/** By name: what is in it is packed in a way of its own. */
function screenRar({ findings, at, allowance }: Place, inside: string, bytes: Uint8Array): void {
  for (const { filename, isEncrypted } of rarMembers(bytes)) {
    if (allowance.members-- <= 0) return;
    if (filename !== null) addAll(findings, at, filename, screenName(filename));
    if (isEncrypted) addAll(findings, at, inside, [ENCRYPTED]);
  }
}

/** Its files, not its words: whoever passes on a fraud to ask about it commits none. */
async function screenEnclosed(place: Place, bytes: Uint8Array): Promise<void> {
  const { allowance } = place;
  // Hundreds of messages may have a thousand files each. To list them costs more than to look at them.
  const files = allowance.members > 0 ? filesOf(bytes) : [];
  allowance.members -= files.length;
  if (allowance.members <= 0) addAll(place.findings, place.at, "", [UNREADABLE]);
  for (const { file, content } of files) {
    const body = content();
    addAll(place.findings, place.at, file.filename, [...screenName(file.filename), ...screenBytes(body)]);
    await screenInside(place, file.filename, file, body);
  }
}

export interface FileInMessage {
  /** The name as its sender wrote it. */
  file: NamedFile;
  /** The name as it is shown, with nothing in it that deceives. */
  shown: string;
  encoding: TransferEncoding;
  /** How it begins: `TYPE_BYTES` of it, or all. */
  head: () => Uint8Array;
  content: () => Uint8Array;
}

/** The attachments of a message in its own order. */
export function filesOf(bytes: Uint8Array): FileInMessage[] {
  return sortContents(readStructure(bytes).root).attached.map((found, n) => {
    const { bodyStart, bodyEnd, encoding } = found.part;
    const decoded = (end: number) => decodeBody(bytes.subarray(bodyStart, Math.min(bodyEnd, end)), encoding);
    const { filename, content_type } = describeAttachment(bytes, found, n, new Set());
    return {
      file: { filename: givenFileName(found.part)?.slice(-MAX_NAME) ?? filename, content_type },
      shown: filename,
      encoding,
      // Quoted-printable takes three characters for a byte.
      head: () => decoded(bodyStart + 3 * TYPE_BYTES).subarray(0, TYPE_BYTES),
      content: () => decoded(bodyEnd),
    };
  });
}

function addAll(findings: Findings, at: string, inside: string, signs: Sign[]): void {
  const where = inside === "" ? "" : `in it, ${JSON.stringify(inside.slice(-100).toWellFormed())} `;
  for (const { code, words } of signs) findings.add({ at, code, words: where + words });
}
