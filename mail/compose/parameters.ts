/**
 * Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1), and file names in them. mimetext puts a file name
 * between double quotes as it is, so that one quote in it ends the name.
 */
import { utf8 } from "./bytes.ts";
import { encodeWords } from "./encoded-words.ts";
import { foldTokens, isPrintableAscii, MAX_HEADER_LINE, oneLine } from "./header-text.ts";

export type Parameter = readonly [name: string, value: string];

/** A continuation line is a space, the segment, and `;`. */
const MAX_SEGMENT = MAX_HEADER_LINE - 2;

/** RFC 2231 §7, attribute-char: all printable ASCII but space, `*`, `'`, `%` and tspecials. */
const ATTRIBUTE_CHAR = /^[A-Za-z0-9!#$&+.^_`{|}~-]$/;

/** `value; name=value`, folded between parameters. Each value is any text: what cannot stand in quotes is RFC 2231. */
export function formatParameters(fieldName: string, value: string, parameters: readonly Parameter[]): string {
  return joinSegments(fieldName, value, parameters.flatMap(formatParameter));
}

/**
 * The same with the file name under `name`, for readers that know no RFC 2231. It is encoded-words between quotes.
 * RFC 2047 §5 (3), relaxed: it forbids them there, and Outlook, Gmail and Apple Mail write and read them there.
 */
export function formatParametersWithName(
  fieldName: string,
  value: string,
  parameters: readonly Parameter[],
  filename: string,
): string {
  const segments = parameters.flatMap(formatParameter);
  const quoted = quote("name", oneLine(filename));
  if (filename === "") return joinSegments(fieldName, value, segments);
  if (quoted !== null) return joinSegments(fieldName, value, [...segments, quoted]);
  const words = encodeWords(oneLine(filename), MAX_SEGMENT - 'name=""'.length, MAX_SEGMENT - 1).join("\r\n ");
  return joinSegments(fieldName, value, [...segments, `name="${words}"`]);
}

function joinSegments(fieldName: string, value: string, segments: readonly string[]): string {
  const all = [value, ...segments];
  return foldTokens(
    fieldName,
    all.map((segment, index) => (index < all.length - 1 ? `${segment};` : segment)),
  );
}

function formatParameter([name, text]: Parameter): string[] {
  const value = oneLine(text);
  const quoted = quote(name, value);
  return quoted === null ? extend(name, value) : [quoted];
}

/**
 * Null when the value is safer encoded: quotes and backslashes, which need escapes that older readers cut a name at;
 * `=?`, which readers decode; spaces at an end or in a row, which they drop; more than fits a line.
 */
function quote(name: string, value: string): string | null {
  const isSafe = isPrintableAscii(value) && !/["\\]|=\?|^ | $| {2}/.test(value);
  return isSafe && name.length + 3 + value.length <= MAX_SEGMENT ? `${name}="${value}"` : null;
}

/**
 * RFC 2231 §4: `name*=utf-8''…`, percent-encoded; beyond one line §3: `name*0*=`, `name*1*=` and so on. A character is
 * not split between two, though it may be: some readers decode each by itself.
 */
function extend(name: string, value: string): string[] {
  const encoded = [...value].map(percentEncode);
  const single = `${name}*=utf-8''${encoded.join("")}`;
  if (single.length <= MAX_SEGMENT) return [single];
  const segments: string[] = [];
  let segment = `${name}*0*=utf-8''`;
  for (const character of encoded) {
    if (segment.length + character.length > MAX_SEGMENT) {
      segments.push(segment);
      segment = `${name}*${segments.length}*=`;
    }
    segment += character;
  }
  return [...segments, segment];
}

function percentEncode(character: string): string {
  if (ATTRIBUTE_CHAR.test(character)) return character;
  return Array.from(utf8(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
