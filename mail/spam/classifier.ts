/**
 * The classifier: naive Bayes whose evidence is believed as far as experience says. Each feature speaks with the logarithm
 * of how much likelier it is in spam than in ham; a weight of its own, learnt from mistakes by logistic regression, says
 * how much that is worth beside all others. The prior and what the mailbox has learnt are counted together.
 *
 * S. Wang, C. Manning, "Baselines and Bigrams" (2012) is where the two meet; the plain sum of the evidence, after Robinson,
 * is kept with a small share, since it knows most where no mistake was made yet. A second opinion (second-opinion.ts) that
 * looks at other things and learns from its own mistakes is added.
 */
import { type Cells, cellOf, WEIGHT_UNIT } from "./cells.ts";
import type { Features } from "./feature-set.ts";
import { PRIOR_WEIGHT_UNIT, type Prior, RATES } from "./prior.ts";
import { correctSecondOpinion, secondOpinion } from "./second-opinion.ts";

/** How much each group of features may say: header, words, structure, pairs. */
const GROUP_SHARE = [0.9, 0.75, 0.5, 0.5];
/** Added to what evidence is divided by: a message that says little decides little. */
const RESERVE = 10;
const MAX_RATIO = 5;
const LEARNING_RATE = 80;
/**
 * What was in many messages moves less at each: its steps shrink with the root of their number, in units of this many, as
 * AdaGrad's do (Duchi, Hazan, Singer, 2011). What is rare learns fast, what is common is not torn to and fro.
 */
const SEEN_UNIT = 3;
/** The share of the plain evidence. */
const PLAIN_SHARE = 0.1;
/** A feature is taken for so much of a message that was half spam: what was seen once proves nothing. */
const DOUBT = 0.03;
/** What speaks for neither is left out. */
const INDIFFERENT = 0.1;

export interface Weighed {
  /** The logarithm of the odds that it is spam. */
  log_odds: number;
  /** What each feature has added to it, in their order. */
  shares: Float64Array;
}

interface Evidence {
  ratios: Float64Array;
  /** What the ratios of each group are multiplied by. */
  scales: number[];
}

export class Classifier {
  readonly #prior: Prior;
  readonly #cells: Cells;

  constructor(prior: Prior, cells: Cells) {
    this.#prior = prior;
    this.#cells = cells;
  }

  /** Messages that its owner has said something of. */
  get lessons(): number {
    return this.#cells.hamMessages + this.#cells.spamMessages;
  }

  weigh(features: Features): Weighed {
    const { shares, log_odds } = this.#discriminate(features, this.#evidence(features));
    const second = secondOpinion(this.#cells, features.strings);
    return { shares, log_odds: log_odds + this.#addPlain(features, shares) + second };
  }

  /** A message of which its owner says what it is. */
  learn(features: Features, isSpam: boolean): void {
    this.#cells.count(features.hashes, isSpam, 1);
    this.correct(features, isSpam);
    correctSecondOpinion(this.#cells, features.strings, isSpam);
  }

  /** It was learnt as something that it is not. Its weights are put right by learning what it is. */
  unlearn(features: Features, wasSpam: boolean): void {
    this.#cells.count(features.hashes, wasSpam, -1);
  }

  /** Weights alone: moved by how wrong the classifier is about this message. */
  correct(features: Features, isSpam: boolean): void {
    const evidence = this.#evidence(features);
    const { log_odds } = this.#discriminate(features, evidence);
    const error = (isSpam ? 1 : 0) - 1 / (1 + Math.exp(-log_odds));
    const { hashes } = features;
    eachGroup(features, (group, from, to) => {
      const step = LEARNING_RATE * error * (evidence.scales[group] ?? 0);
      for (let at = from; at < to; at++) {
        const ratio = evidence.ratios[at] ?? 0;
        if (ratio === 0) continue;
        const cell = cellOf(hashes[at] ?? 0);
        const [ham, spam] = this.#seen(cell);
        this.#cells.addWeight(cell, (step * ratio) / Math.sqrt(1 + (ham + spam) / SEEN_UNIT));
      }
    });
  }

  #evidence(features: Features): Evidence {
    const { hashes } = features;
    const ratios = new Float64Array(hashes.length);
    const scales: number[] = [];
    eachGroup(features, (group, from, to) => {
      let squares = 0;
      for (let at = from; at < to; at++) {
        const ratio = this.#ratio(cellOf(hashes[at] ?? 0));
        ratios[at] = ratio;
        squares += ratio * ratio;
      }
      scales.push((GROUP_SHARE[group] ?? 0) / Math.sqrt(squares + RESERVE));
    });
    return { ratios, scales };
  }

  #discriminate(features: Features, { ratios, scales }: Evidence): Weighed {
    const { hashes } = features;
    const shares = new Float64Array(hashes.length);
    let log_odds = 0;
    eachGroup(features, (group, from, to) => {
      for (let at = from; at < to; at++) {
        const share = (ratios[at] ?? 0) * this.#weight(cellOf(hashes[at] ?? 0)) * (scales[group] ?? 0);
        shares[at] = share;
        log_odds += share;
      }
    });
    return { log_odds, shares };
  }

  /** Robinson's evidence of single features, by the root of their number. */
  #addPlain({ hashes, ends }: Features, shares: Float64Array): number {
    const length = ends.at(-2) ?? 0;
    const plain = new Float64Array(length);
    let count = 0;
    for (let at = 0; at < length; at++) {
      const evidence = this.#plainEvidence(cellOf(hashes[at] ?? 0));
      plain[at] = evidence;
      if (evidence !== 0) count++;
    }
    const scale = PLAIN_SHARE / Math.sqrt(count + RESERVE);
    let sum = 0;
    for (let at = 0; at < length; at++) {
      const share = (plain[at] ?? 0) * scale;
      shares[at] = (shares[at] ?? 0) + share;
      sum += share;
    }
    return sum;
  }

  #weight(cell: number): number {
    const own = this.#cells.weight[cell] ?? 0;
    return own * WEIGHT_UNIT + (this.#prior.weights[cell] ?? 0) * PRIOR_WEIGHT_UNIT;
  }

  /** Messages of each kind with this feature, the prior's among them. */
  #seen(cell: number): [ham: number, spam: number] {
    const level = this.#prior.levels[cell] ?? 0;
    const ham = (this.#cells.ham[cell] ?? 0) + this.#prior.messages * (RATES[level >> 4] ?? 0);
    const spam = (this.#cells.spam[cell] ?? 0) + this.#prior.messages * (RATES[level & 15] ?? 0);
    return [ham, spam];
  }

  /** How much likelier it is in spam, with one message more of each kind that has it, and one that has not. */
  #ratio(cell: number): number {
    const [ham, spam] = this.#seen(cell);
    if (ham + spam === 0) return 0;
    const allHam = this.#cells.hamMessages + this.#prior.messages + 2;
    const allSpam = this.#cells.spamMessages + this.#prior.messages + 2;
    const ratio = Math.log(((spam + 1) * allHam) / ((ham + 1) * allSpam));
    return Math.max(-MAX_RATIO, Math.min(MAX_RATIO, ratio));
  }

  #plainEvidence(cell: number): number {
    const [ham, spam] = this.#seen(cell);
    const seen = ham + spam;
    if (seen === 0) return 0;
    const inHam = ham / Math.max(1, this.#cells.hamMessages + this.#prior.messages);
    const inSpam = spam / Math.max(1, this.#cells.spamMessages + this.#prior.messages);
    const chance = (DOUBT / 2 + (seen * inSpam) / (inSpam + inHam)) / (DOUBT + seen);
    return Math.abs(chance - 0.5) < INDIFFERENT ? 0 : Math.log(chance / (1 - chance));
  }
}

function eachGroup({ ends }: Features, take: (group: number, from: number, to: number) => void): void {
  let from = 0;
  ends.forEach((to, group) => {
    take(group, from, to);
    from = to;
  });
}
