/**
 * Reads an mbox (RFC 4155) of any dialect, a line at a time, holding one message at most.
 *
 * A message begins at a line `From …` that stands first or behind an empty line, and has a date or a header field
 * behind it: a sentence that begins with "From" has neither. `>From` is what writers made of `From` (mboxo, mboxrd), so
 * one `>` is taken off. In mboxcl and mboxcl2 `Content-Length` says where a body ends. It is believed where it proves
 * right and every message before it in the file did so too: in any other file a sender could write one that swallows
 * the messages behind it.
 */
import { CR, concatBytes, LF } from "../compose/bytes.ts";
import { ArchiveError } from "./archive-error.ts";
import { ByteReader } from "./byte-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { hasDate, isFromStart, MAX_FROM_LINE, parseFromLine } from "./from-line.ts";
import { MAX_OWN_MARK } from "./own-mark.ts";

/** Where to go on. */
export interface MboxPlace {
  at: number;
  /** In the middle of a message that is too large: the next one is looked for. */
  skipping: boolean;
  /** Every message so far had a Content-Length that proved right. */
  lengths: boolean;
}

export const MBOX_START: MboxPlace = { at: 0, skipping: false, lengths: true };

export type MboxItem =
  | { kind: "message"; at: number; from_line: Uint8Array; bytes: Uint8Array<ArrayBuffer>; next: MboxPlace }
  | { kind: "too_large"; at: number; next: MboxPlace }
  /** Nothing but a place to go on from. */
  | { kind: "progress"; next: MboxPlace };

/** A line in memory. Longer ones are read in pieces, and are no separators. */
const MAX_LINE = 65_536;
/** So often a reader that only skips says how far it is. */
const PROGRESS_BYTES = 8 * 1024 * 1024;
/** As much of a header as Content-Length is looked for in. */
const MAX_HEADER = 1024 * 1024;

export async function* readMbox(source: ByteSource, start: MboxPlace, maxBytes: number): AsyncGenerator<MboxItem> {
  const reader = new ByteReader(source.read(start.at), start.at);
  try {
    let { skipping, lengths } = start;
    if (start.at === 0) await requireMbox(reader);
    while ((await reader.peek(1)).byteLength > 0) {
      const at = reader.position;
      if (skipping) {
        yield* skipMessage(reader, lengths);
        skipping = false;
        continue;
      }
      const from_line = (await reader.line(MAX_LINE)) ?? new Uint8Array();
      // What we wrote ourselves has none, but a message in it may say so of itself.
      const isOwn = parseFromLine(from_line).is_own;
      lengths &&= !isOwn;
      const message = await readMessage(reader, isOwn ? maxBytes + MAX_OWN_MARK : maxBytes, lengths);
      if (message === null) {
        yield { kind: "too_large", at, next: { at: reader.position, skipping: true, lengths } };
        skipping = true;
        continue;
      }
      lengths &&= message.isLengthProven;
      const next = { at: reader.position, skipping: false, lengths };
      yield { kind: "message", at, from_line, bytes: message.bytes, next };
    }
  } finally {
    await reader.close();
  }
}

/** Empty lines in front of the first message are nobody's. */
async function requireMbox(reader: ByteReader): Promise<void> {
  for (let line = await reader.line(MAX_LINE); line !== null; line = await reader.line(MAX_LINE)) {
    if (isBlank(line)) continue;
    if (!isFromStart(line)) throw new ArchiveError("not_an_archive", "an mbox begins with a line `From …`");
    reader.rewind(line.byteLength);
    return;
  }
}

interface ReadMessage {
  bytes: Uint8Array<ArrayBuffer>;
  isLengthProven: boolean;
}

/** The message up to the next separator; null as soon as it is too large. */
async function readMessage(reader: ByteReader, maxBytes: number, lengths: boolean): Promise<ReadMessage | null> {
  const lines = new Lines(reader);
  const pieces: Uint8Array[] = [];
  let size = 0;
  let isHeader = true;
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    pieces.push(line);
    size += line.byteLength;
    if (size > maxBytes + 2) return null;
    if (isHeader && lines.isBlank) {
      isHeader = false;
      const body = lengths && size <= MAX_HEADER ? await bodyByLength(reader, pieces, maxBytes - size) : null;
      if (body !== null) return { bytes: concatBytes([...pieces, ...body]), isLengthProven: true };
    }
  }
  // The empty line in front of the next separator, or at the end, belongs to the mbox.
  if (lines.isBlank) pieces.pop();
  const bytes = concatBytes(pieces);
  return bytes.byteLength > maxBytes ? null : { bytes, isLengthProven: false };
}

async function* skipMessage(reader: ByteReader, lengths: boolean): AsyncGenerator<MboxItem> {
  const lines = new Lines(reader);
  // What stood before the place is not known any more. Better a message too many than one that is never seen.
  lines.isBlank = true;
  let told = reader.position;
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (reader.position - told < PROGRESS_BYTES || !lines.isLineEnd) continue;
    told = reader.position;
    yield { kind: "progress", next: { at: told, skipping: true, lengths } };
  }
}

/** The lines of one message, unquoted, up to the separator or the end. */
class Lines {
  readonly #reader: ByteReader;
  /** The line before ended here, so that the next is a whole one, and whether it was empty. */
  isLineEnd = true;
  isBlank = false;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  async next(): Promise<Uint8Array | null> {
    const pending = this.#reader.line(MAX_LINE);
    const line = pending instanceof Promise ? await pending : pending;
    if (line === null) return null;
    if (this.isLineEnd && this.isBlank && isFromStart(line) && (await isSeparator(this.#reader, line))) return null;
    const isWhole = this.isLineEnd;
    this.isLineEnd = line.at(-1) === LF;
    this.isBlank = isWhole && isBlank(line);
    return isWhole && isQuoted(line) ? line.subarray(1) : line;
  }
}

const GREATER = 0x3e;

const isBlank = (line: Uint8Array): boolean =>
  (line.byteLength === 1 && line[0] === LF) || (line.byteLength === 2 && line[0] === CR && line[1] === LF);

/** `>From `, `>>From ` … */
function isQuoted(line: Uint8Array): boolean {
  if (line[0] !== GREATER) return false;
  let at = 1;
  while (line[at] === GREATER) at++;
  return isFromStart(line.subarray(at, at + 5));
}

/** Leaves the reader in front of the line when it is one, and behind it when it is none. */
async function isSeparator(reader: ByteReader, line: Uint8Array): Promise<boolean> {
  if (line.byteLength > MAX_FROM_LINE) return false;
  reader.rewind(line.byteLength);
  if (hasDate(line)) return true;
  const ahead = await reader.peek(line.byteLength + 200);
  if (/^[!-9;-~]+:/.test(latin1([ahead.subarray(line.byteLength)]))) return true;
  await reader.take(line.byteLength);
  return false;
}

/**
 * The body by its Content-Length, if that is right: behind it is the end, or the next message. Where it has `From ` at
 * the start of a line nothing in it was quoted (mboxcl2).
 */
async function bodyByLength(reader: ByteReader, header: Uint8Array[], room: number): Promise<Uint8Array[] | null> {
  const [, digits] = /^content-length:[ \t]*(\d{1,10})[ \t\r]*$/im.exec(latin1(header)) ?? [];
  const length = Number(digits ?? Number.NaN);
  if (!(length <= room)) return null;
  const ahead = await reader.peek(length + MAX_FROM_LINE);
  const behind = ahead.subarray(length);
  if (ahead.byteLength < length) return null;
  const blank = behind[0] === LF ? 1 : behind[0] === CR && behind[1] === LF ? 2 : 0;
  const isEnd = behind.byteLength === blank;
  const isLineStart = length === 0 || ahead[length - 1] === LF || blank > 0;
  if (!isEnd && !(isLineStart && isFromStart(behind.subarray(blank)))) return null;
  const body = new Uint8Array(await reader.take(length));
  await reader.take(blank);
  return hasUnquotedFrom(body) ? [body] : unquoted(body);
}

const latin1 = (pieces: Uint8Array[]): string => new TextDecoder("latin1").decode(concatBytes(pieces));

function hasUnquotedFrom(body: Uint8Array): boolean {
  for (let at = 0; at >= 0 && at < body.byteLength; ) {
    if (isFromStart(body.subarray(at, at + 5))) return true;
    const lf = body.indexOf(LF, at);
    at = lf < 0 ? -1 : lf + 1;
  }
  return false;
}

function unquoted(body: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < body.byteLength; ) {
    const lf = body.indexOf(LF, at);
    const end = lf < 0 ? body.byteLength : lf + 1;
    if (isQuoted(body.subarray(at, end))) {
      pieces.push(body.subarray(from, at));
      from = at + 1;
    }
    at = end;
  }
  pieces.push(body.subarray(from));
  return pieces;
}
