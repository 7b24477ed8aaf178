/** The fields of a header where they lie in the bytes, for whoever looks at a few of them as they stand. */

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

/** A field's bytes, its name and the end of its last line among them. */
export interface FieldPlace {
  start: number;
  end: number;
}

/**
 * Header fields with their continuation lines (RFC 5322 §2.2.3), until `take` has enough. Lines may end in LF alone: what
 * came is what is read. Returns where the last one ends. No object is made of a field: there may be three millions.
 */
export function eachField(bytes: Uint8Array, take: (start: number, end: number) => boolean): number {
  let start = 0;
  while (start < bytes.byteLength && !isEmptyLine(bytes, start)) {
    let end = lineEnd(bytes, start);
    while (bytes[end] === SPACE || bytes[end] === TAB) end = lineEnd(bytes, end);
    if (!take(start, end)) return end;
    start = end;
  }
  return start;
}

/** The header alone: all before the first empty line (RFC 5322 §2.1), or all there is. */
export const headerOf = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(
    0,
    eachField(bytes, () => true),
  );

const isEmptyLine = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF);

function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.byteLength && bytes[at] !== LF) at++;
  return Math.min(at + 1, bytes.byteLength);
}

/** White space may stand before the colon (RFC 5322 §4.5.8). */
export function isNamed(bytes: Uint8Array, start: number, name: string): boolean {
  if (!begins(bytes, start, name)) return false;
  let at = start + name.length;
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  return bytes[at] === COLON;
}

/** Whether a field's name begins so, in any case. The letters and the hyphen of names have bit 5 set in lower case. */
export function begins(bytes: Uint8Array, start: number, name: string): boolean {
  for (let n = 0; n < name.length; n++) if (((bytes[start + n] ?? 0) | 0x20) !== name.charCodeAt(n)) return false;
  return true;
}

/** No field that means something is longer. */
export const MAX_VALUE_BYTES = 64 * 1024;

/** The value of a field as text, one character a byte, folded as it stands, and at most its first 64 KiB. */
export function fieldValue(bytes: Uint8Array, { start, end }: FieldPlace): string {
  const line = bytes.subarray(start, Math.min(end, start + MAX_VALUE_BYTES));
  return LATIN1.decode(line.subarray(line.indexOf(COLON) + 1));
}

const LATIN1 = new TextDecoder("latin1");
