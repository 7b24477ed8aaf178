/** The baseline of the classifier: naive Bayes after Robinson, with his test of Fisher's, on the same single features. */
import { cellOf } from "../mail/spam/cells.ts";
import type { Scored } from "./spam.ts";
import type { CorpusLesson } from "./spam-corpus.ts";

const STRENGTH = 0.03;
const INDIFFERENT = 0.1;

export function naiveBayesScores(taught: CorpusLesson[], scored: CorpusLesson[]): Scored[] {
  const counts = { ham: new Map<number, number>(), spam: new Map<number, number>() };
  const all = { ham: 0, spam: 0 };
  for (const lesson of taught) {
    const kind = lesson.isSpam ? "spam" : "ham";
    all[kind]++;
    for (const cell of cellsOf(lesson)) counts[kind].set(cell, (counts[kind].get(cell) ?? 0) + 1);
  }
  return scored.map((lesson) => {
    let [spam, ham, used] = [0, 0, 0];
    for (const cell of cellsOf(lesson)) {
      const [h, s] = [counts.ham.get(cell) ?? 0, counts.spam.get(cell) ?? 0];
      if (h + s === 0) continue;
      const chance = s / all.spam / (s / all.spam + h / all.ham);
      const believed = (STRENGTH / 2 + (h + s) * chance) / (STRENGTH + h + s);
      if (Math.abs(believed - 0.5) < INDIFFERENT) continue;
      spam += Math.log(believed);
      ham += Math.log(1 - believed);
      used++;
    }
    return { name: lesson.name, isSpam: lesson.isSpam, score: logFisher(spam, used) - logFisher(ham, used) };
  });
}

const cellsOf = ({ features }: CorpusLesson): Set<number> =>
  new Set(Array.from(features.hashes.subarray(0, features.ends.at(-2)), cellOf));

/** The logarithm of the chance of so low a product of so many probabilities: chi-squared, in logarithms throughout. */
function logFisher(logProduct: number, count: number): number {
  const half = -logProduct;
  let term = -half;
  let sum = term;
  for (let n = 1; n < count; n++) {
    term += Math.log(half / n);
    sum = Math.max(sum, term) + Math.log1p(Math.exp(-Math.abs(sum - term)));
  }
  return Math.min(0, sum);
}
