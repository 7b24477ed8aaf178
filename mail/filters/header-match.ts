/**
 * Whether a header has what a filter asks of its fields. Text is compared as people read it: unfolded, encoded-words
 * decoded (RFC 2047), without regard to case. Of a field no more is looked at than is ever shown of one.
 */
import type { HeaderMatch } from "../../contract/filters.ts";
import { headerOf } from "../header-fields.ts";
import { decodeField, type Field, readAllFields } from "../parse/fields.ts";
import { decodeHeaderText } from "../parse/header-text.ts";

/** `header`: its bytes, with or without some of the body. */
export function matchesHeaders(header: Uint8Array, wanted: readonly HeaderMatch[]): boolean {
  if (wanted.length === 0) return true;
  const fields = readAllFields(headerOf(header));
  return wanted.every((one) => hasMatch(fields, one) !== one.is_not);
}

function hasMatch(fields: readonly Field[], wanted: HeaderMatch): boolean {
  const name = wanted.field.toLowerCase();
  const named = fields.filter((field) => field.name === name);
  if (wanted.match === "exists") return named.length > 0;
  const value = fold(wanted.value);
  return named.some((field) => {
    const text = fold(decodeHeaderText(decodeField(field.value, null)));
    if (wanted.match === "contains") return text.includes(value);
    return wanted.match === "is" ? text === value.trim() : matchesWildcards(text, value);
  });
}

const fold = (text: string): string => text.normalize("NFC").toLowerCase();

/**
 * `*` stands for any characters, `?` for one. What stands between two stars is looked for once, from left to right: where
 * it is found first leaves the most for what comes after, so no star is tried twice.
 */
export function matchesWildcards(text: string, pattern: string): boolean {
  const characters = Array.from(text);
  const [first = [], ...others] = pattern.split("*").map((piece) => Array.from(piece));
  const last = others.pop();
  if (!isAt(characters, first, 0)) return false;
  if (last === undefined) return characters.length === first.length;
  let at = first.length;
  for (const piece of others) {
    while (at + piece.length <= characters.length && !isAt(characters, piece, at)) at++;
    at += piece.length;
  }
  const end = characters.length - last.length;
  return at <= end && isAt(characters, last, end);
}

const isAt = (text: readonly string[], piece: readonly string[], at: number): boolean =>
  at + piece.length <= text.length && piece.every((one, n) => one === "?" || one === text[at + n]);
