/**
 * Text of header fields as people read it: encoded-words (RFC 2047) decoded, nothing in it that could end a line, hide,
 * or turn the text around it. Addresses and encoded-words are read by postal-mime, whose public functions for them are
 * lenient in the right places.
 */
import { decodeWords } from "postal-mime";
import { decodeText, isKnownCharset } from "./charset.ts";
import { decodeBody } from "./transfer-encoding.ts";

/** Longer than any honest header text, short enough for a row of a list. */
const MAX_TEXT = 4096;

/**
 * Control characters, line and paragraph separators, byte order marks, and the overrides and isolates that let a
 * right-to-left name run over what follows it (UAX 9 §2). The marks LRM and RLM are letters' business and stay.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** A text on one line, well-formed, at most `limit` characters, its ends trimmed. */
export function cleanText(text: string, limit = MAX_TEXT): string {
  // A megabyte of blanks must not cost more than a megabyte: cut first, generously, then clean.
  const cleaned = text
    .slice(0, limit * 4)
    .replace(UNPRINTABLE, " ")
    .toWellFormed()
    .trim();
  return cleaned.length <= limit ? cleaned : cleaned.slice(0, limit).toWellFormed().trimEnd();
}

/** Unstructured text such as a subject, from the field's unfolded value. */
export function decodeHeaderText(value: string, limit = MAX_TEXT): string {
  return cleanText(decodeWords(repairWords(value.slice(0, limit * 16))), limit);
}

const ENCODED_WORD = /=\?([^?\s*]*)(\*[^?\s]*)?\?([QqBb])\?([^?]*)\?=/g;

/**
 * An encoded-word in a charset that nobody knows (`=?unknown-8bit?Q?=C3=A9?=`, `=?utf-7?…`) comes out as windows-1252,
 * mojibake for whatever it was. Such words are written again in UTF-8, with their bytes looked at first.
 */
export function repairWords(text: string): string {
  if (!text.includes("=?")) return text;
  return text.replace(ENCODED_WORD, (word: string, charset: string, _language: unknown, kind: string, data: string) => {
    if (isKnownCharset(charset) && !NEEDS_OUR_DECODER.test(charset)) return word;
    const encoding = kind.toUpperCase() === "B" ? "base64" : "quoted-printable";
    const ascii = encoding === "base64" ? data : data.replaceAll("_", " ").replaceAll(" ", "=20");
    const decoded = decodeText(decodeBody(new TextEncoder().encode(ascii), encoding), charset);
    return `=?utf-8?Q?${asQ(decoded)}?=`;
  });
}

const NEEDS_OUR_DECODER = /^(utf-?7|unicode-1-1-utf-7|csunicode11utf7|hz|hz-gb-2312|iso-2022-kr|csiso2022kr)$/i;

/** RFC 2047 §4.2 with every byte but letters and digits encoded. */
function asQ(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    out += /[A-Za-z0-9]/.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
