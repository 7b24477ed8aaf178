/** Whether a value matches a key, by comparator and match type. */
import { indexOfCounted } from "./counted-search.ts";
import { SieveFailure } from "./failure.ts";
import { MAX_WORK } from "./limits.ts";
import type { Comparator, Matching, Relation } from "./program.ts";
import { matchWildcards } from "./wildcards.ts";

/** What one run may look at, in characters: counted, not timed, so that the same message always ends the same way. */
export class Work {
  #left = MAX_WORK;

  readonly spend = (characters: number): void => {
    this.#left -= characters;
    if (this.#left < 0) throw new SieveFailure("the script has too much to compare in this message");
  };

  /** Long texts that took some work: a script asks for the same ones again and again. */
  readonly #folded = new Map<string, string>();

  readonly fold = (text: string, comparator: Comparator): string => {
    if (comparator === "i;octet") return text;
    if (!BEYOND_ASCII.test(text)) return text.toUpperCase();
    const folded = this.#folded.get(text) ?? inCapitals(text);
    if (text.length >= WORTH_KEEPING && this.#folded.size < MAX_KEPT) this.#folded.set(text, folded);
    return folded;
  };
}

/** What a comparison costs besides, in characters: a field may hold thousands of short addresses. */
const COMPARISON = 64;

/** What the match took, for match variables; empty for match types that take nothing. Null: no match. */
export function compare(value: string, key: string, matching: Matching, work: Work): string[] | null {
  const { type, comparator } = matching;
  work.spend(value.length + key.length + COMPARISON);
  switch (type) {
    case "is":
      return isEqual(value, key, comparator, work) ? [] : null;
    case "contains":
      return indexOfCounted(work.fold(value, comparator), work.fold(key, comparator), 0, work.spend) >= 0 ? [] : null;
    case "matches":
      return matchWildcards(value, key, (text) => work.fold(text, comparator), work.spend);
    case "value":
    case "count":
      return holds(matching.relation, order(value, key, comparator, work)) ? [] : null;
  }
}

const isEqual = (value: string, key: string, comparator: Comparator, work: Work): boolean =>
  comparator === "i;ascii-numeric"
    ? order(value, key, comparator, work) === 0
    : work.fold(value, comparator) === work.fold(key, comparator);

const BEYOND_ASCII = /[\u0080-\uffff]/;
const WORTH_KEEPING = 1000;
const MAX_KEPT = 50;
/** As many characters as a call takes. */
const PIECE = 8192;

/**
 * RFC 4790 §9.2: only letters of ASCII; `toUpperCase` would change others, and lengths. Every character that is compared
 * comes by here: a call for each run of letters made a run of a script take ten seconds.
 */
function inCapitals(text: string): string {
  const codes = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    codes[at] = code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
  }
  let folded = "";
  for (let at = 0; at < codes.length; at += PIECE) folded += String.fromCharCode(...codes.subarray(at, at + PIECE));
  return folded;
}

/** Below zero, zero or above, as the comparator orders them. */
function order(left: string, right: string, comparator: Comparator, work: Work): number {
  if (comparator !== "i;ascii-numeric") return byOctets(work.fold(left, comparator), work.fold(right, comparator));
  const [a, b] = [digitsOf(left), digitsOf(right)];
  // RFC 4790 §9.1.1: what does not begin with a digit is infinite.
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a.length - b.length || byOctets(a, b);
}

/** The number at the begin without leading zeros: as text, it may be of any length. */
function digitsOf(text: string): string | null {
  return /^[0-9]+/.exec(text)?.[0].replace(/^0+(?=.)/, "") ?? null;
}

/** UTF-16 orders the rarest characters otherwise than UTF-8 does; by code points they agree. */
function byOctets(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    if (left.charCodeAt(at) === right.charCodeAt(at)) continue;
    return (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0);
  }
  return left.length - right.length;
}

function holds(relation: Relation, order: number): boolean {
  switch (relation) {
    case "gt":
      return order > 0;
    case "ge":
      return order >= 0;
    case "lt":
      return order < 0;
    case "le":
      return order <= 0;
    case "eq":
      return order === 0;
    case "ne":
      return order !== 0;
  }
}
