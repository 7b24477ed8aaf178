/** Encoded-words (RFC 2047): text of any alphabet in a header, as ASCII tokens of at most 75 characters. */
import { base64Line } from "./base64.ts";
import { utf8 } from "./bytes.ts";

/** RFC 2047 §2: longer ones are not encoded-words, and strict readers show them as they stand. */
const MAX_ENCODED_WORD = 75;

const OVERHEAD = "=?utf-8?b?".length + "?=".length;

/** RFC 2047 §5 (3): what may stand for itself inside a phrase. A subject would allow more; one table is enough. */
const Q_TABLE = Array.from({ length: 256 }, (_, byte) => {
  const letter = String.fromCharCode(byte);
  if (letter === " ") return "_";
  return /[A-Za-z0-9!*+/-]/.test(letter) ? letter : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

interface Encoding {
  /** Encoded length of `bytes` octets which take `q` characters in the Q encoding. */
  width(bytes: number, q: number): number;
  encode(text: string): string;
}

const B: Encoding = {
  width: (bytes) => Math.ceil(bytes / 3) * 4,
  encode: (text) => `=?utf-8?b?${base64Line(utf8(text))}?=`,
};
const Q: Encoding = {
  width: (_bytes, q) => q,
  encode: (text) => `=?utf-8?q?${Array.from(utf8(text), (byte) => Q_TABLE[byte]).join("")}?=`,
};

/**
 * Splits `text` into encoded-words, the first of at most `firstRoom` characters, the others of `room`. A character is
 * never split between two (RFC 2047 §5): each one is decoded on its own. The space between two words is not part of
 * the text (§6.2), so the words joined are the text. The shorter of B and Q is taken for all of it.
 */
export function encodeWords(text: string, firstRoom = MAX_ENCODED_WORD, room = MAX_ENCODED_WORD): string[] {
  const whole = text.toWellFormed();
  const encoding = chooseEncoding(whole);
  const words: string[] = [];
  let start = 0;
  let at = 0;
  let bytes = 0;
  let q = 0;
  for (const character of whole) {
    const more = octetsOf(character);
    const limit = Math.min(MAX_ENCODED_WORD, words.length === 0 ? firstRoom : room) - OVERHEAD;
    if (at > start && encoding.width(bytes + more, q + qWidth(character)) > limit) {
      words.push(encoding.encode(whole.slice(start, at)));
      start = at;
      bytes = 0;
      q = 0;
    }
    bytes += more;
    q += qWidth(character);
    at += character.length;
  }
  return start < at ? [...words, encoding.encode(whole.slice(start))] : words;
}

function chooseEncoding(text: string): Encoding {
  let bytes = 0;
  let q = 0;
  for (const character of text) {
    bytes += octetsOf(character);
    q += qWidth(character);
  }
  return Q.width(bytes, q) < B.width(bytes, q) ? Q : B;
}

/** RFC 3629 §3 */
function octetsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

function qWidth(character: string): number {
  const octets = octetsOf(character);
  return octets === 1 ? (Q_TABLE[character.charCodeAt(0)]?.length ?? 0) : octets * 3;
}
