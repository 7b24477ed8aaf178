/**
 * The second opinion on a message: logistic regression over how it begins (beginning.ts), learnt from nothing but its
 * owner's lessons and from its own mistakes. The first one, which has the prior and takes a message apart, errs on other
 * messages; the sum of their log odds errs on fewer than either (docs/decisions/0026-spam.md).
 */
import { type Cells, WEIGHT_UNIT } from "./cells.ts";

const LEARNING_RATE = 15;
/** What it is this sure of teaches it nothing. */
const SMALLEST_ERROR = 0.01;
/**
 * After a few lessons of one kind everything looks like that kind. It is believed by half when it has had so many lessons
 * of the kind that it has seen less of.
 */
const HALF_BELIEVED = 20;

export function secondOpinion(cells: Cells, strings: Uint32Array): number {
  const lessons = Math.min(cells.hamMessages, cells.spamMessages);
  return (logOdds(cells, strings) * lessons) / (lessons + HALF_BELIEVED);
}

export function correctSecondOpinion(cells: Cells, strings: Uint32Array, isSpam: boolean): void {
  const error = (isSpam ? 1 : 0) - 1 / (1 + Math.exp(-logOdds(cells, strings)));
  if (Math.abs(error) < SMALLEST_ERROR) return;
  const change = (LEARNING_RATE * error) / Math.sqrt(strings.length + 1);
  for (const place of strings) cells.addStringWeight(place, change);
}

/** By the root of their number: a message that begins at length is not surer than a short one. */
function logOdds({ stringWeight }: Cells, strings: Uint32Array): number {
  let sum = 0;
  for (const place of strings) sum += (stringWeight[place] ?? 0) * WEIGHT_UNIT;
  return sum / Math.sqrt(strings.length + 1);
}
