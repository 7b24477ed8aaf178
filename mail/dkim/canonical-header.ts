/** The header as it is signed: its fields found in the bytes, and "relaxed" (RFC 6376 §3.4.2). */

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const COLON = 58;

export interface HeaderField {
  /** Lower case. */
  name: string;
  /** The whole field with its name and its line end. */
  bytes: Uint8Array;
}

export interface Header {
  fields: HeaderField[];
  /** Where the body begins, behind the empty line. */
  bodyStart: number;
}

/** Lines may end in LF alone: they go out with CRLF (see canonical-body.ts). */
export function readHeader(message: Uint8Array): Header {
  const fields: HeaderField[] = [];
  let start = 0;
  while (start < message.length) {
    const emptyLine = emptyLineAt(message, start);
    if (emptyLine > 0) return { fields, bodyStart: start + emptyLine };
    let end = lineEnd(message, start);
    while (end < message.length && isContinued(message, end)) end = lineEnd(message, end);
    const bytes = message.subarray(start, end);
    fields.push({ name: nameOf(bytes), bytes });
    start = end;
  }
  return { fields, bodyStart: message.length };
}

function emptyLineAt(message: Uint8Array, at: number): number {
  if (message[at] === LF) return 1;
  return message[at] === CR && message[at + 1] === LF ? 2 : 0;
}

/** RFC 5322 §2.2.3. A CR alone is sent as a space, and a line that begins with one goes on with the field before. */
function isContinued(message: Uint8Array, at: number): boolean {
  const byte = message[at];
  return byte === SPACE || byte === TAB || (byte === CR && message[at + 1] !== LF);
}

function lineEnd(message: Uint8Array, from: number): number {
  const at = message.indexOf(LF, from);
  return at === -1 ? message.length : at + 1;
}

/** Longer than any name that is signed: the rest of an endless line without a colon need not be looked at. */
const MAX_NAME = 100;

function nameOf(field: Uint8Array): string {
  const colon = field.subarray(0, MAX_NAME).indexOf(COLON);
  return colon === -1
    ? ""
    : String.fromCharCode(...field.subarray(0, colon))
        .replace(/[ \t\r\n]+$/, "")
        .toLowerCase();
}

/** `name:value`, unfolded, each run of blanks one space, none at the ends, and no CRLF behind it. */
export function canonicalField({ name, bytes }: HeaderField): Uint8Array {
  const out = new Uint8Array(name.length + 1 + bytes.length);
  let length = 0;
  for (; length < name.length; length += 1) out[length] = name.charCodeAt(length);
  out[length++] = COLON;
  const valueStart = length;
  let hasBlank = false;
  for (const byte of bytes.subarray(bytes.indexOf(COLON) + 1)) {
    if (byte === LF || byte === CR) {
      // Half of a line end, which is followed by a blank; a CR alone is a blank itself.
      hasBlank ||= byte === CR;
    } else if (byte === SPACE || byte === TAB) {
      hasBlank = true;
    } else {
      if (hasBlank && length > valueStart) out[length++] = SPACE;
      hasBlank = false;
      out[length++] = byte;
    }
  }
  return out.subarray(0, length);
}
