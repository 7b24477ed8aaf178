/**
 * What is known of spam before anybody has said a word: statistics of a public corpus by cell, rough enough to be shipped
 * with the Worker. `npm run train:prior` makes them; no word of the corpus is in them, only hashes.
 */
import { inflateSync } from "fflate";
import { CELLS } from "./cells.ts";

export interface Prior {
  /** Of each cell: the level of its rate in ham in the upper four bits, in spam in the lower four. */
  levels: Uint8Array;
  /** In units of PRIOR_WEIGHT_UNIT. */
  weights: Int8Array;
  /** So many messages of either kind it counts for: a mailbox that taught as many is half its own. */
  messages: number;
}

export const PRIOR_WEIGHT_UNIT = 1 / 8;

const STEP = 0.75;

/** In which part of all messages a feature is, by level: from nearly none to each, 0.75 octaves a step. */
export const RATES: readonly number[] = Array.from({ length: 16 }, (_, level) =>
  level === 0 ? 0 : 2 ** ((level - 15) * STEP),
);

/** The level whose rate is nearest; 0 for what is rarer than all. */
export function levelOf(rate: number): number {
  if (rate <= 0) return 0;
  return Math.max(0, Math.min(15, Math.round(Math.log2(rate) / STEP) + 15));
}

const PRIOR_MESSAGES = 1000;

export const NO_PRIOR: Prior = { levels: new Uint8Array(CELLS), weights: new Int8Array(CELLS), messages: 0 };

export const priorOf = (levels: Uint8Array, weights: Int8Array): Prior => ({
  ...{ levels, weights, messages: PRIOR_MESSAGES },
});

/** Deflated: levels, then weights. */
export function readPrior(deflated: Uint8Array): Prior {
  const bytes = inflateSync(deflated, { out: new Uint8Array(2 * CELLS) });
  return priorOf(bytes.slice(0, CELLS), new Int8Array(bytes.slice(CELLS).buffer));
}
