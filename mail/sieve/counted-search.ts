/**
 * Finds a text in a text, with the work counted. The runtime's own search is fast, but for `aaa…b…aaa` in a megabyte of
 * `a` it takes seconds: it is asked for the beginning alone, and the rest is compared here, each character counted.
 */

/** So much of a text, at each place of another, costs little more than to look at each place. */
const BEGINNING = 32;

/** The first place from `from` on, or -1. `spend` hears how many characters are looked at besides, and may throw. */
export function indexOfCounted(
  text: string,
  wanted: string,
  from: number,
  spend: (characters: number) => void,
): number {
  const beginning = wanted.slice(0, BEGINNING);
  let at = text.indexOf(beginning, from);
  while (at >= 0 && !isAtCounted(text, wanted, at, spend)) at = text.indexOf(beginning, at + 1);
  return at;
}

export function isAtCounted(text: string, wanted: string, at: number, spend: (characters: number) => void): boolean {
  let same = 0;
  while (same < wanted.length && text.charCodeAt(at + same) === wanted.charCodeAt(same)) same++;
  spend(same + 1);
  return same === wanted.length;
}
