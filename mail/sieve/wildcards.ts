/**
 * `:matches` (RFC 5228 §2.7.1): `*` stands for any characters, as few as will do (RFC 5229 §3.2), `?` for one, a
 * backslash takes what follows as it is. What stands between two stars is looked for once, from left to right: where it
 * is found first leaves the most for what comes after, so no star is ever tried twice.
 */

import { indexOfCounted, isAtCounted } from "./counted-search.ts";

const ANY = Symbol("any one character");
/** Texts and single wildcards between two stars. */
type Segment = readonly (string | typeof ANY)[];

interface Found {
  start: number;
  end: number;
  /** What each single wildcard took. */
  captures: string[];
}

/**
 * The whole value, then what each wildcard took of it; null where there is no match. `fold` must keep the length.
 * `spend` hears how many characters are looked at, and may throw.
 */
export function matchWildcards(
  value: string,
  pattern: string,
  fold: (text: string) => string,
  spend: Spend,
): string[] | null {
  const [first = [], ...middle] = segmentsOf(pattern, fold);
  const last = middle.pop();
  const text = { value, folded: fold(value) };
  spend(value.length + pattern.length);
  const begin = matchAt(text, first, 0, spend);
  if (begin === null) return null;
  if (last === undefined) return begin.end === value.length ? [value, ...begin.captures] : null;
  const captures = [value, ...begin.captures];
  let at = begin.end;
  for (const segment of middle) {
    const found = search(text, segment, at, spend);
    if (found === null) return null;
    captures.push(value.slice(at, found.start), ...found.captures);
    at = found.end;
  }
  const start = startOfLast(value, last);
  const end = start < at ? null : matchAt(text, last, start, spend);
  return end?.end === value.length ? [...captures, value.slice(at, start), ...end.captures] : null;
}

function segmentsOf(pattern: string, fold: (text: string) => string): Segment[] {
  const segments: (string | typeof ANY)[][] = [[]];
  let text = "";
  const endText = () => {
    if (text !== "") segments.at(-1)?.push(fold(text));
    text = "";
  };
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "*") {
      endText();
      segments.push([]);
    } else if (character === "?") {
      endText();
      segments.at(-1)?.push(ANY);
    } else if (character === "\\" && at + 1 < pattern.length) text += pattern.charAt(++at);
    else text += character;
  }
  endText();
  return segments;
}

interface Text {
  value: string;
  folded: string;
}

type Spend = (characters: number) => void;

function matchAt(text: Text, segment: Segment, start: number, spend: Spend): Found | null {
  const end = endOfMatch(text, segment, start, spend);
  if (end === null) return null;
  const captures: string[] = [];
  let at = start;
  for (const piece of segment) {
    const next = at + (piece === ANY ? lengthAt(text.value, at) : piece.length);
    if (piece === ANY) captures.push(text.value.slice(at, next));
    at = next;
  }
  return { start, end, captures };
}

/** Asked at very many places, so it makes nothing. */
function endOfMatch({ value, folded }: Text, segment: Segment, start: number, spend: Spend): number | null {
  let at = start;
  for (const piece of segment) {
    if (piece === ANY ? at >= value.length : !isAtCounted(folded, piece, at, spend)) return null;
    at += piece === ANY ? lengthAt(value, at) : piece.length;
  }
  return at;
}

/** The first place where the segment matches. Its first text says where to look at all. */
function search(text: Text, segment: Segment, from: number, spend: Spend): Found | null {
  const [first] = segment;
  if (first === undefined) return { start: from, end: from, captures: [] };
  for (let start = from; start <= text.value.length; start++) {
    if (typeof first === "string") start = indexOfCounted(text.folded, first, start, spend);
    if (start < 0) return null;
    const found = matchAt(text, segment, start, spend);
    if (found !== null) return found;
    spend(segment.length);
    // Not between the two halves of a character.
    if (first === ANY && lengthAt(text.value, start) === 2) start++;
  }
  return null;
}

/** Where the last segment must begin to end with the value. */
function startOfLast(value: string, segment: Segment): number {
  let at = value.length;
  for (const piece of segment.toReversed()) {
    if (piece === ANY) at -= at > 1 && lengthAt(value, at - 2) === 2 ? 2 : 1;
    else at -= piece.length;
  }
  return at;
}

/** Of one character: two for what UTF-16 writes as a pair, none at the end. */
function lengthAt(value: string, at: number): number {
  const point = value.codePointAt(at);
  return point === undefined ? 0 : point > 0xffff ? 2 : 1;
}
