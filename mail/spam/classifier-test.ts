/** The classifier's word as one of the tests of a spam score, with the features that spoke loudest. */
import type { Classifier, Weighed } from "./classifier.ts";
import type { Features } from "./feature-set.ts";
import { type SpamTest, spamTest } from "./spam-test.ts";

/** However sure it is: the owner's word, and that somebody is known, must weigh more. */
const MAX_POINTS = 20;
/**
 * The prior alone knows English mail of 2002: to it a shop's receipt looks like the spam of that time, and so does the
 * form of a message of a few words. Until its owner has said what junk is, the classifier cannot make junk by itself:
 * another test has to agree. Each lesson gives it more of a say.
 */
const MAX_POINTS_UNTAUGHT = 4.9;
const MAX_POINTS_OF_FEW_WORDS = 3;
const FEW_WORDS = 12;
const POINTS_OF_LESSON = 0.5;
const SHOWN = 4;

export function classifierTest(classifier: Classifier, features: Features): SpamTest {
  const weighed = classifier.weigh(features);
  const weight = pointsOf(weighed.log_odds, classifier.lessons, features);
  const kind = weight > 0 ? "junk" : "mail that is none";
  const loudest = loudestOf(features, weighed);
  const because = loudest.length === 0 ? "" : `: ${loudest.join(", ")}`;
  return spamTest("classifier", weight, `It reads like ${kind}${because}.`);
}

/**
 * Log odds are points, one to one: with 5 points for junk it takes odds of about 150 to 1 from the classifier alone. A line
 * of HTML that says hardly anything looks like the spam of 2002, and may be from a friend.
 *
 * Squeezed and not cut, so that of two messages the one that looks more like spam always has more. The room grows with the
 * lessons without an end, so the points of a mailbox that was taught enough are what they were.
 */
function pointsOf(points: number, lessons: number, { ends }: Features): number {
  if (points <= 0) return Math.max(-MAX_POINTS, points);
  const words = (ends[1] ?? 0) - (ends[0] ?? 0);
  const untaught = words < FEW_WORDS ? MAX_POINTS_OF_FEW_WORDS : MAX_POINTS_UNTAUGHT;
  const room = untaught + lessons * POINTS_OF_LESSON;
  return Math.min(MAX_POINTS, room * (1 - Math.exp(-points / room)));
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
