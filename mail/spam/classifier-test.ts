/** The classifier's word as one of the tests of a spam score, with the features that spoke loudest. */
import type { Classifier, Weighed } from "./classifier.ts";
import type { Features } from "./feature-set.ts";
import { type SpamTest, spamTest } from "./spam-test.ts";

/** From log odds to points. With 5 points for junk it takes odds of about 12 to 1 from the classifier alone. */
const POINTS = 2;
/** However sure it is: the owner's word, and that somebody is known, must weigh more. */
const MAX_POINTS = 20;
const SHOWN = 4;

export function classifierTest(classifier: Classifier, features: Features): SpamTest {
  const weighed = classifier.weigh(features);
  const weight = Math.max(-MAX_POINTS, Math.min(MAX_POINTS, weighed.log_odds * POINTS));
  const kind = weight > 0 ? "junk" : "mail that is none";
  const loudest = loudestOf(features, weighed);
  const because = loudest.length === 0 ? "" : `: ${loudest.join(", ")}`;
  return spamTest("classifier", weight, `It reads like ${kind}${because}.`);
}

/** The names of those that spoke loudest for what came out. */
function loudestOf({ names, hashes, ends }: Features, { shares, log_odds }: Weighed): string[] {
  const sign = Math.sign(log_odds);
  const named = ends.at(-2) ?? 0;
  const at = Array.from({ length: Math.min(named, hashes.length) }, (_, index) => index)
    .filter((index) => (shares[index] ?? 0) * sign > 0.05)
    .sort((a, b) => ((shares[b] ?? 0) - (shares[a] ?? 0)) * sign)
    .slice(0, SHOWN);
  if (at.length === 0) return [];
  const lines = names.split("\n");
  return at.flatMap((index) => (lines[index] ? [`“${lines[index]}”`] : []));
}
