/** Quoted-printable (RFC 2045 §6.7) of text whose line ends are CRLF already. */
import { CR, LF } from "./bytes.ts";

const EQUALS = 61;
const SPACE = 32;
const TAB = 9;
const DOT = 46;
const UPPER_F = 70;
const HEX = new TextEncoder().encode("0123456789ABCDEF");

/** RFC 2045 §6.7 (5): 76 characters with the `=` of a soft line break. */
const MAX_LINE = 75;

/** Octets that cannot stand for themselves anywhere in quoted-printable text. Line ends are not counted. */
export function countSpecial(text: Uint8Array): number {
  let count = 0;
  for (const byte of text) if (!isLiteral(byte) && byte !== CR && byte !== LF) count += 1;
  return count;
}

function isLiteral(byte: number): boolean {
  return (byte >= SPACE && byte <= 126 && byte !== EQUALS) || byte === TAB;
}

/**
 * RFC 2049 §3: a line that begins with `From ` gets a `>` from programs that keep mbox files, and a lone dot ends the
 * mail at a server that forgets to take doubled dots apart. Written as hex, neither is there to be mangled, and the
 * DKIM hash of the body holds.
 */
export function isFragileLineStart(text: Uint8Array, at: number): boolean {
  if (text[at] === DOT) return true;
  return (
    text[at] === UPPER_F &&
    text[at + 1] === 114 &&
    text[at + 2] === 111 &&
    text[at + 3] === 109 &&
    text[at + 4] === SPACE
  );
}

export function quotedPrintable(text: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(upperBound(text));
  let to = 0;
  let column = 0;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === CR && text[at + 1] === LF) {
      encoded[to] = CR;
      encoded[to + 1] = LF;
      to += 2;
      at += 1;
      column = 0;
      continue;
    }
    let isHex = mustEscape(text, at, column);
    if (column + (isHex ? 3 : 1) > MAX_LINE) {
      encoded[to] = EQUALS;
      encoded[to + 1] = CR;
      encoded[to + 2] = LF;
      to += 3;
      column = 0;
      isHex = mustEscape(text, at, column);
    }
    if (isHex) {
      encoded[to] = EQUALS;
      encoded[to + 1] = HEX[byte >> 4] ?? 0;
      encoded[to + 2] = HEX[byte & 15] ?? 0;
      to += 3;
      column += 3;
    } else {
      encoded[to] = byte;
      to += 1;
      column += 1;
    }
  }
  return encoded.subarray(0, to);
}

function mustEscape(text: Uint8Array, at: number, column: number): boolean {
  const byte = text[at] ?? 0;
  if (!isLiteral(byte)) return true;
  if (column === 0 && isFragileLineStart(text, at)) return true;
  // RFC 2045 §6.7 (3): white space at the end of a line is lost on the way.
  return (byte === SPACE || byte === TAB) && (at + 1 === text.length || text[at + 1] === CR);
}

/** Hex takes two octets more: for each special one, for the first and last of each line, and for each soft break's. */
function upperBound(text: Uint8Array): number {
  let lines = 1;
  for (const byte of text) if (byte === LF || byte === CR) lines += 1;
  const hard = text.length + 2 * countSpecial(text) + lines * 6;
  return hard + Math.ceil(hard / (MAX_LINE - 2)) * 5;
}
