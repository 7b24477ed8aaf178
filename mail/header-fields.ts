/** Where each field of a header lies in the bytes, for whoever looks at fields as they stand. */

export interface HeaderField {
  /** Lower case; empty for a line that is no field. */
  name: string;
  /** The field's bytes, its name and the end of its last line among them. */
  start: number;
  end: number;
}

const LF = 10;
const CR = 13;
const COLON = 58;

/** Header fields with their continuation lines (RFC 5322 §2.2.3). Lines may end in LF alone: what came is what is read. */
export function* fieldsOf(bytes: Uint8Array): Generator<HeaderField> {
  for (let start = 0; start < bytes.byteLength; ) {
    if (bytes[start] === LF || (bytes[start] === CR && bytes[start + 1] === LF)) return;
    let end = lineEnd(bytes, start);
    while (bytes[end] === 32 || bytes[end] === 9) end = lineEnd(bytes, end);
    const colon = bytes.subarray(start, end).indexOf(COLON);
    const name = colon > 0 && colon < 100 ? String.fromCharCode(...bytes.subarray(start, start + colon)) : "";
    yield { name: name.trim().toLowerCase(), start, end };
    start = end;
  }
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(LF, from);
  return at === -1 ? bytes.byteLength : at + 1;
}

/** No field that means something is longer. */
export const MAX_VALUE_BYTES = 64 * 1024;

/** The value of a field as text, one character a byte, folded as it stands, and at most its first 64 KiB. */
export function fieldValue(bytes: Uint8Array, { start, end }: HeaderField): string {
  const line = bytes.subarray(start, Math.min(end, start + MAX_VALUE_BYTES));
  return LATIN1.decode(line.subarray(line.indexOf(COLON) + 1));
}

const LATIN1 = new TextDecoder("latin1");
