/** Base64 (RFC 2045 §6.8) straight from octets to octets: `btoa` would need the whole attachment as a string, twice. */
import { CR, LF } from "./bytes.ts";

const ALPHABET = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const PAD = 61;

/** RFC 2045 §6.8: encoded lines are at most 76 characters, which is 57 octets. */
const OCTETS_A_LINE = 57;

/** Wrapped at 76 characters, with no line end after the last line. */
export function base64(bytes: Uint8Array): Uint8Array {
  const characters = Math.ceil(bytes.length / 3) * 4;
  const breaks = Math.max(0, Math.ceil(bytes.length / OCTETS_A_LINE) - 1);
  const encoded = new Uint8Array(characters + breaks * 2);
  let to = 0;
  for (let from = 0; from < bytes.length; from += OCTETS_A_LINE) {
    if (from > 0) {
      encoded[to] = CR;
      encoded[to + 1] = LF;
      to += 2;
    }
    to = encodeInto(encoded, to, bytes, from, Math.min(from + OCTETS_A_LINE, bytes.length));
  }
  return encoded;
}

/** For encoded-words: a few octets, one line, a string. */
export function base64Line(bytes: Uint8Array): string {
  const encoded = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  encodeInto(encoded, 0, bytes, 0, bytes.length);
  return String.fromCharCode(...encoded);
}

export function encodeInto(encoded: Uint8Array, at: number, bytes: Uint8Array, from: number, end: number): number {
  let to = at;
  for (let i = from; i < end; i += 3) {
    // Beyond the end an index reads undefined, which shifts as 0: the padding bits.
    const triple = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    encoded[to] = ALPHABET[triple >> 18] ?? 0;
    encoded[to + 1] = ALPHABET[(triple >> 12) & 63] ?? 0;
    encoded[to + 2] = i + 1 < end ? (ALPHABET[(triple >> 6) & 63] ?? 0) : PAD;
    encoded[to + 3] = i + 2 < end ? (ALPHABET[triple & 63] ?? 0) : PAD;
    to += 4;
  }
  return to;
}
