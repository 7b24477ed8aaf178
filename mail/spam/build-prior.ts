/** A prior from messages of which somebody has said what they are. */

import { CELLS, Cells, cellOf, WEIGHT_UNIT } from "./cells.ts";
import { Classifier } from "./classifier.ts";
import type { Features } from "./feature-set.ts";
import { levelOf, PRIOR_WEIGHT_UNIT, type Prior, priorOf } from "./prior.ts";

export interface Lesson {
  features: Features;
  isSpam: boolean;
}

/** What was in fewer messages is a chance, or somebody's name. */
const FEWEST = 3;
const PASSES = 2;
/**
 * So many times the weights are learnt from nothing, each time in another order, and the mean is shipped. What is learnt
 * last moves the weights furthest, so one order alone is a matter of luck (docs/decisions/0026-spam.md).
 */
const ROUNDS = 5;

/** `shuffle` gives the lessons in another order for each pass. */
export function buildPrior(lessons: Lesson[], shuffle: (lessons: Lesson[], pass: number) => Lesson[]): Prior {
  const levels = levelsOf(lessons);
  const sums = new Float64Array(CELLS);
  for (let round = 0; round < ROUNDS; round++) {
    const orders = Array.from({ length: PASSES }, (_, pass) => shuffle(lessons, round * PASSES + pass));
    weightsOf(levels, orders).forEach((weight, cell) => {
      sums[cell] = (sums[cell] ?? 0) + weight;
    });
  }
  const scale = WEIGHT_UNIT / PRIOR_WEIGHT_UNIT / ROUNDS;
  const weights = Int8Array.from(sums, (sum) => Math.max(-127, Math.min(127, Math.round(sum * scale))));
  return priorOf(levels, weights);
}

/** The weights are learnt as a mailbox learns them, upon the very statistics that are shipped. */
function weightsOf(levels: Uint8Array, orders: Lesson[][]): Int16Array {
  const learnt = new Cells();
  const classifier = new Classifier(priorOf(levels, new Int8Array(CELLS)), learnt);
  for (const order of orders) for (const { features, isSpam } of order) classifier.correct(features, isSpam);
  return learnt.weight;
}

function levelsOf(lessons: Lesson[]): Uint8Array {
  const inMessages = new Map<number, number>();
  for (const { features } of lessons) {
    for (const hash of features.hashes) inMessages.set(hash, (inMessages.get(hash) ?? 0) + 1);
  }
  const counts = { ham: new Uint16Array(CELLS), spam: new Uint16Array(CELLS) };
  const all = { ham: 0, spam: 0 };
  for (const { features, isSpam } of lessons) {
    const kind = isSpam ? "spam" : "ham";
    all[kind]++;
    const known = features.hashes.filter((hash) => (inMessages.get(hash) ?? 0) >= FEWEST);
    for (const cell of new Set(Array.from(known, cellOf))) counts[kind][cell] = (counts[kind][cell] ?? 0) + 1;
  }
  return Uint8Array.from({ length: CELLS }, (_, cell) => {
    const { ham, spam } = { ham: counts.ham[cell] ?? 0, spam: counts.spam[cell] ?? 0 };
    return (levelOf(ham / all.ham) << 4) | levelOf(spam / all.spam);
  });
}
