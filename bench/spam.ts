/**
 * `npm run bench:spam`: how well spam is told from ham, on the half of the SpamAssassin public corpus that nothing learnt
 * from, beside bogofilter from Debian on the same halves. The features, the classifier, its cells and the tests are those
 * of the product; what the corpus does not have, who vouches for a sender and whom the owner knows, is left out.
 */

import { buildPrior } from "../mail/spam/build-prior.ts";
import { Cells } from "../mail/spam/cells.ts";
import { Classifier } from "../mail/spam/classifier.ts";
import { classifierTest } from "../mail/spam/classifier-test.ts";
import { NO_PRIOR, type Prior, readPrior } from "../mail/spam/prior.ts";
import { PRIOR_DATA } from "../mail/spam/prior-data.ts";
import { SPAM_THRESHOLD } from "../mail/spam/spam-test.ts";
import { bogofilterScores } from "./spam-bogofilter.ts";
import { type CorpusLesson, corpusLessons, inPass } from "./spam-corpus.ts";
import { naiveBayesScores } from "./spam-naive-bayes.ts";
import { printTable } from "./table.ts";

export interface Scored {
  name: string;
  isSpam: boolean;
  score: number;
}

const lessons = await corpusLessons();
const taught = lessons.filter(({ half }) => half === "taught");
const scored = lessons.filter(({ half }) => half === "scored");
const count = (all: { isSpam: boolean }[], isSpam: boolean) => all.filter((one) => one.isSpam === isSpam).length;
console.log(`taught ${count(taught, false)} ham, ${count(taught, true)} spam`);
console.log(`scored ${count(scored, false)} ham, ${count(scored, true)} spam\n`);

const prior = buildPrior(taught, inPass);
const rows: string[][] = [];
const report = (what: string, scores: Scored[], threshold: number) => rows.push([what, ...columns(scores, threshold)]);

const product = scoresOf(mailbox(prior, taught));
report("Mailmesh: the prior, and an owner's moves", product, SPAM_THRESHOLD);
report("Mailmesh: an owner's moves alone, no prior", scoresOf(mailbox(NO_PRIOR, taught)), SPAM_THRESHOLD);
report("Mailmesh: cold, the prior alone", scoresOf(mailbox(prior, [])), SPAM_THRESHOLD);
report("naive Bayes on the same features", naiveBayesScores(taught, scored), 0);
const bogofilter = bogofilterScores(taught, scored);
if (bogofilter === null) console.log("bogofilter is not installed: apt-get install bogofilter\n");
else report("bogofilter, threshold 0.5", bogofilter, 0.5);

printTable(
  ["recall at false positives of at most", "0.05 %", "0.1 %", "0.5 %", "1 %", "default: recall", "false"],
  rows,
);
printMisses(product);
const shipped = readPrior(Buffer.from(PRIOR_DATA, "base64")).levels.filter((level) => level > 0).length;
console.log(`\nThe shipped prior, made of both halves: ${PRIOR_DATA.length} characters, ${shipped} cells.`);

/** A mailbox whose owner moved these messages, one after the other, each learnt once. */
function mailbox(from: Prior, moved: CorpusLesson[]): Classifier {
  const classifier = new Classifier(from, new Cells());
  for (const { features, isSpam } of inPass(moved, 100)) classifier.learn(features, isSpam);
  return classifier;
}

function scoresOf(classifier: Classifier): Scored[] {
  return scored.map(({ name, isSpam, features, tests }) => {
    const all = [classifierTest(classifier, features), ...tests];
    return { name, isSpam, score: all.reduce((sum, { weight }) => sum + weight, 0) };
  });
}

function columns(scores: Scored[], threshold: number): string[] {
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`;
  const recalls = [0.0005, 0.001, 0.005, 0.01].map((most) => percent(recallAt(scores, most)));
  const above = (isSpam: boolean) =>
    scores.filter((one) => one.isSpam === isSpam && one.score >= threshold).length / count(scores, isSpam);
  return [...recalls, percent(above(true)), percent(above(false))];
}

/** The part of spam that scores higher than all ham but so much of it. */
function recallAt(scores: Scored[], falsePositives: number): number {
  const ham = scores.filter(({ isSpam }) => !isSpam).map(({ score }) => score);
  ham.sort((a, b) => b - a);
  const limit = ham[Math.floor(ham.length * falsePositives)] ?? 0;
  return scores.filter(({ isSpam, score }) => isSpam && score > limit).length / count(scores, true);
}

function printMisses(scores: Scored[]): void {
  const show = ({ name, score }: Scored) => `${score.toFixed(1).padStart(6)}  ${name}`;
  const byScore = [...scores].sort((a, b) => b.score - a.score);
  const ham = byScore.filter(({ isSpam, score }) => !isSpam && score >= SPAM_THRESHOLD);
  const spam = byScore.filter(({ isSpam, score }) => isSpam && score < SPAM_THRESHOLD).reverse();
  console.log(`\nham taken for spam, of ${count(scores, false)}:\n${ham.map(show).join("\n")}`);
  console.log(`\nspam not seen, of ${count(scores, true)}:\n${spam.map(show).join("\n")}`);
}
