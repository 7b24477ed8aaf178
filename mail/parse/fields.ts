/**
 * The header's fields (RFC 5322 §2.2): found in the bytes, unfolded, and made text. Only fields that parsing looks at
 * are kept, so that a header of a hundred thousand others costs no memory.
 */
import { bytesAsString, decodeText, hasJisEscape, isKnownCharset, isUtf8 } from "./charset.ts";

export interface Field {
  /** Lower case. */
  name: string;
  /** The value's bytes, folded as they came. */
  value: Uint8Array;
}

const KEPT = new Set([
  "auto-submitted",
  "bcc",
  "cc",
  "content-disposition",
  "content-id",
  "content-transfer-encoding",
  "content-type",
  "date",
  "dkim-signature",
  "from",
  "in-reply-to",
  "list-id",
  "list-post",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "disposition-notification-to",
  "message-id",
  "precedence",
  "references",
  "reply-to",
  "sender",
  "subject",
  "to",
]);
/** RFC 5322 §2.1.1: a line is at most 998 characters long; no name that is used is longer than this. */
const LONGEST_NAME = 256;
/** RFC 5322 §3.6 allows one of each. More of one name are read, but not without end. */
const MAX_FIELDS = 1000;

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

export const readFields = (bytes: Uint8Array, start: number, end: number): Field[] =>
  fieldsOf(bytes, start, end, (name) => KEPT.has(name));

/** Every field, whatever its name: for rules, which ask for any. */
export const readAllFields = (header: Uint8Array): Field[] => fieldsOf(header, 0, header.length, () => true);

function fieldsOf(bytes: Uint8Array, start: number, end: number, isKept: (name: string) => boolean): Field[] {
  const fields: Field[] = [];
  let at = start;
  while (at < end && fields.length < MAX_FIELDS) {
    const fieldEnd = endOfField(bytes, at, end);
    const colon = nameEnd(bytes, at);
    if (colon !== null && colon < fieldEnd && colon - at <= LONGEST_NAME) {
      const name = bytesAsString(bytes.subarray(at, colon)).trimEnd().toLowerCase();
      if (isKept(name)) fields.push({ name, value: bytes.subarray(colon + 1, fieldEnd) });
    }
    at = fieldEnd;
  }
  return fields;
}

/** The first field of the name as text, unfolded, its bytes read by `charset` where they are not UTF-8. */
export function fieldText(fields: readonly Field[], name: string, charset: string | null = null): string | null {
  const field = fields.find((candidate) => candidate.name === name);
  return field === undefined ? null : decodeField(field.value, charset);
}

export function fieldTexts(fields: readonly Field[], name: string, charset: string | null = null): string[] {
  return fields.filter((field) => field.name === name).map((field) => decodeField(field.value, charset));
}

/** The value as one character a byte: what boundaries are compared by. */
export function fieldBytesAsString(fields: readonly Field[], name: string): string | null {
  const field = fields.find((candidate) => candidate.name === name);
  return field === undefined ? null : unfold(bytesAsString(field.value));
}

/** RFC 5322 §2.2: printable ASCII without spaces, then a colon; §4.5.8 lets white space stand before it. */
export function isFieldStart(bytes: Uint8Array, at: number): boolean {
  return nameEnd(bytes, at) !== null;
}

/** How far a header is looked for behind a first line that belongs to none. */
const MAX_LOOK_AHEAD = 4096;

/**
 * Is a header at this place? Its first line may be damaged; then two fields that parsing knows, before the first empty
 * line, tell it from a body that was given no header at all.
 */
export function isHeaderStart(bytes: Uint8Array, start: number): boolean {
  if (isFieldStart(bytes, start)) return true;
  const end = Math.min(bytes.length, start + MAX_LOOK_AHEAD);
  let at = start;
  let known = 0;
  while (at < end && bytes[at] !== LF && bytes[at] !== CR && known < 2) {
    const colon = nameEnd(bytes, at);
    if (
      colon !== null &&
      KEPT.has(
        bytesAsString(bytes.subarray(at, Math.min(colon, at + 40)))
          .trimEnd()
          .toLowerCase(),
      )
    )
      known++;
    const lineEnd = bytes.indexOf(LF, at);
    at = lineEnd < 0 ? end : lineEnd + 1;
  }
  return known >= 2;
}

/**
 * Raw 8-bit text in a header is UTF-8 (RFC 6532 §3.2) or older than that. Then it is most likely in the charset of the
 * body, which the Content-Type names.
 */
export function decodeField(value: Uint8Array, charset: string | null): string {
  if (isAscii(value) && !hasJisEscape(value)) return unfold(bytesAsString(value));
  const isGuessed = charset !== null && isKnownCharset(charset) && !isUtf8(value);
  return unfold(decodeText(value, isGuessed ? charset : null));
}

/** RFC 5322 §2.2.3: only the line ends go, the white space after them is part of the value. */
function unfold(text: string): string {
  return text.replace(/[\r\n]+/g, "").trim();
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** A field goes on while lines begin with a space or a tab. */
function endOfField(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const lineEnd = bytes.indexOf(LF, at);
    if (lineEnd < 0 || lineEnd >= end) return end;
    at = lineEnd + 1;
    if (bytes[at] !== 0x20 && bytes[at] !== 0x09) return at;
  }
  return end;
}

/** The position of the colon that ends a field name at `start`, if there is a name. */
function nameEnd(bytes: Uint8Array, start: number): number | null {
  let at = start;
  while (isNameByte(bytes[at])) at++;
  if (at === start) return null;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  return bytes[at] === COLON ? at : null;
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte < 0x7f && byte !== COLON;
}
