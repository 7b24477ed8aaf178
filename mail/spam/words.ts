/**
 * Words of a text, and pairs of words that follow each other: "click here" says what neither word says alone. Pairs over
 * a distance (orthogonal sparse bigrams) were measured too, and crowd the cells more than they tell
 * (docs/decisions/0026-spam.md).
 */
import type { FeatureSet } from "./feature-set.ts";

/** Letters, digits, and signs that are part of what spam says: prices, per cents, exclamation marks. */
const WORD = /[\p{L}\p{N}$€£%!_][\p{L}\p{M}\p{N}$€£%!_'’@.-]*/gu;
/** Scripts without spaces between words: each character is one. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const LONGEST = 24;

export function addWords(features: FeatureSet, group: "header" | "words", prefix: string, text: string): void {
  let before: number | null = null;
  for (const word of wordsOf(text)) {
    const hash = features.add(group, prefix + word);
    if (before !== null) features.addPair(before, hash);
    before = hash;
  }
}

function* wordsOf(text: string): Generator<string> {
  for (const [found] of text.matchAll(WORD)) {
    // What is long is no word, and is not looked at further: a stranger may send a million characters of it.
    if (found.length > LONGEST * 4) yield `long ${Math.floor(Math.log2(found.length))}`;
    else if (UNSPACED.test(found)) yield* found;
    else {
      const word = found.replace(/['’@.-]+$/, "");
      yield word.length <= LONGEST ? word : `long ${Math.floor(Math.log2(word.length))}`;
    }
  }
}
