/** The classifier's word as one of the tests of a spam score, with the features that spoke loudest. */
import type { Classifier, Weighed } from "./classifier.ts";
import type { Features } from "./feature-set.ts";
import { type SpamTest, spamTest } from "./spam-test.ts";

/**
 * From log odds to points. With 5 points for junk it takes odds of about 55 to 1 from the classifier alone: a line of HTML
 * that says hardly anything looks like the spam of 2002, and may be from a friend.
 */
const POINTS = 1.25;
/** However sure it is: the owner's word, and that somebody is known, must weigh more. */
const MAX_POINTS = 20;
/**
 * A message of a few words has little but its form to be judged by, and the prior alone knows the forms of another time:
 * until its owner has said a word, a mailbox does not take it for junk because of that.
 */
const FEW_WORDS = 12;
const MAX_POINTS_UNTAUGHT = 3;
const SHOWN = 4;

export function classifierTest(classifier: Classifier, features: Features): SpamTest {
  const weighed = classifier.weigh(features);
  const weight = Math.max(-MAX_POINTS, Math.min(mostPoints(classifier, features), weighed.log_odds * POINTS));
  const kind = weight > 0 ? "junk" : "mail that is none";
  const loudest = loudestOf(features, weighed);
  const because = loudest.length === 0 ? "" : `: ${loudest.join(", ")}`;
  return spamTest("classifier", weight, `It reads like ${kind}${because}.`);
}

function mostPoints(classifier: Classifier, { ends }: Features): number {
  const words = (ends[1] ?? 0) - (ends[0] ?? 0);
  return words < FEW_WORDS && classifier.lessons === 0 ? MAX_POINTS_UNTAUGHT : MAX_POINTS;
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
