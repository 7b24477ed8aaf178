/**
 * Base64 as it stands in a message (RFC 2045 §6.8), described so exactly that the very characters can be made again of
 * the decoded bytes: the length of the lines, their ends, the padding.
 */
import type { Base64Layout } from "../../contract/split-manifest.ts";
import { encodeInto } from "../compose/base64.ts";
import { CR, concatBytes, LF, MAX_LINE_OCTETS } from "../compose/bytes.ts";
import { BASE64_DIGITS, PAD } from "../parse/transfer-encoding.ts";

export interface Base64Run {
  /** What was described: the body without the white space around it. */
  from: number;
  to: number;
  layout: Base64Layout;
}

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** White space around base64 that is left where it is. With more of it the whole is no base64 worth describing. */
const MAX_SPACE = 1000;

/** Null for what no mailer that counts writes: lines of several lengths or ends, characters between, padding inside. */
export function describeBase64(body: Uint8Array): Base64Run | null {
  let [from, to] = [0, body.length];
  while (from < to && isWhiteSpace(body[from])) from++;
  while (from < to && isWhiteSpace(body[to - 1])) to--;
  if (body.length - (to - from) > MAX_SPACE) return null;
  const lineFeed = body.subarray(from, to).indexOf(LF);
  const isOneLine = lineFeed === -1;
  const line_end = !isOneLine && body[from + lineFeed - 1] !== CR ? "lf" : "crlf";
  const line = isOneLine ? to - from : lineFeed - lineEndSize(line_end) + 1;
  const is_padded = line > 0 ? readDigits(body, from, to, line, line_end) : null;
  return is_padded === null ? null : { from, to, layout: { line, line_end, is_padded } };
}

/** Whether the digits are padded, or null where they cannot be made again. */
function readDigits(
  body: Uint8Array,
  from: number,
  to: number,
  line: number,
  lineEnd: Base64Layout["line_end"],
): boolean | null {
  let digits = 0;
  let padding = 0;
  let last = 0;
  for (let at = from; at < to; ) {
    const end = Math.min(at + line, to);
    for (; at < end; at++) {
      const digit = BASE64_DIGITS[body[at] ?? 0] ?? 0;
      if (digit < PAD && padding === 0) {
        digits++;
        last = digit;
      } else if (digit === PAD) padding++;
      else return null;
    }
    if (at === to) break;
    if (lineEnd === "crlf" && body[at++] !== CR) return null;
    if (body[at++] !== LF) return null;
  }
  const over = digits % 4;
  // Bits beyond the last byte would be lost, and one digit alone carries no byte.
  const unused = over === 2 ? last & 0b1111 : over === 3 ? last & 0b11 : 0;
  if (digits === 0 || over === 1 || unused !== 0) return null;
  const isPadded = padding === (4 - over) % 4;
  return isPadded || padding === 0 ? isPadded : null;
}

export function encodedSize(size: number, { line, line_end, is_padded }: Base64Layout): number {
  const characters = is_padded ? Math.ceil(size / 3) * 4 : Math.ceil((size * 4) / 3);
  return characters + (Math.ceil(characters / line) - 1) * lineEndSize(line_end);
}

/** The first line of the encoded text and the last: what tells how it travels. */
export function layoutSample(size: number, layout: Base64Layout): Uint8Array {
  const characters = encodedSize(size, { ...layout, line: Number.MAX_SAFE_INTEGER });
  const last = ((characters - 1) % layout.line) + 1;
  const lines = characters > layout.line ? [layout.line, last] : [last];
  return new TextEncoder().encode(
    // Beyond the longest line that SMTP knows it does not matter how much longer it is.
    lines
      .map((length) => "A".repeat(Math.min(length, MAX_LINE_OCTETS + 1)))
      .join(layout.line_end === "lf" ? "\n" : "\r\n"),
  );
}

/** Bytes that are encoded at a time: so much more memory is needed, however large the content is. */
const PIECE = 48 * 1024;

export async function* encodeBase64(content: Chunks, layout: Base64Layout): AsyncGenerator<Uint8Array> {
  let column = 0;
  for await (const piece of inTriples(content)) {
    const digits = new Uint8Array(Math.ceil(piece.length / 3) * 4);
    encodeInto(digits, 0, piece, 0, piece.length);
    const shown = layout.is_padded ? digits : digits.subarray(0, Math.ceil((piece.length * 4) / 3));
    yield inLines(shown, column, layout);
    // A full line is ended by what follows it, since the last has no end.
    column = ((column + shown.length - 1) % layout.line) + 1;
  }
}

function inLines(digits: Uint8Array, from: number, { line, line_end }: Base64Layout): Uint8Array {
  const breaks = Math.ceil((from + digits.length) / line) - 1;
  const out = new Uint8Array(digits.length + breaks * lineEndSize(line_end));
  let [to, column] = [0, from];
  for (const digit of digits) {
    if (column === line) {
      if (line_end === "crlf") out[to++] = CR;
      out[to++] = LF;
      column = 0;
    }
    out[to++] = digit;
    column++;
  }
  return out;
}

/** Pieces of whole triples, the last excepted: only the end of the content may be padded. */
async function* inTriples(content: Chunks): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array(0);
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = concatBytes([held, chunk.subarray(at, at + PIECE)]);
      const whole = piece.length - (piece.length % 3);
      if (whole > 0) yield piece.subarray(0, whole);
      held = piece.slice(whole);
    }
  }
  if (held.length > 0) yield held;
}

const lineEndSize = (lineEnd: Base64Layout["line_end"]): number => (lineEnd === "crlf" ? 2 : 1);

const isWhiteSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === CR || byte === LF;
