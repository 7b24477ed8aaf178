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
}

/** What the match took, for match variables; empty for match types that take nothing. Null: no match. */
export function compare(value: string, key: string, matching: Matching, work: Work): string[] | null {
  const { type, comparator } = matching;
  work.spend(value.length + key.length + 8);
  switch (type) {
    case "is":
      return isEqual(value, key, comparator) ? [] : null;
    case "contains":
      return indexOfCounted(fold(value, comparator), fold(key, comparator), 0, work.spend) >= 0 ? [] : null;
    case "matches":
      return matchWildcards(value, key, (text) => fold(text, comparator), work.spend);
    case "value":
    case "count":
      return holds(matching.relation, order(value, key, comparator)) ? [] : null;
  }
}

const isEqual = (value: string, key: string, comparator: Comparator): boolean =>
  comparator === "i;ascii-numeric"
    ? order(value, key, comparator) === 0
    : fold(value, comparator) === fold(key, comparator);

/** RFC 4790 §9.2: only letters of ASCII; `toUpperCase` alone would change others, and lengths. */
const fold = (text: string, comparator: Comparator): string =>
  comparator === "i;octet" ? text : text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

/** Below zero, zero or above, as the comparator orders them. */
function order(left: string, right: string, comparator: Comparator): number {
  if (comparator !== "i;ascii-numeric") return byOctets(fold(left, comparator), fold(right, comparator));
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
