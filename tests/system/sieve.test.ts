/** Show: Sieve means here what it means to Dovecot. Every case of mail/sieve/cases/ that both know, one after the other. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CASES } from "../../mail/sieve/cases/cases.ts";
import { MESSAGES } from "../../mail/sieve/cases/messages.ts";
import { askPigeonhole } from "./pigeonhole.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sieve-"));
  await chmod(folder, 0o777);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Pigeonhole prints flags of its own in lower case and first, `?` for line ends, and of a notice not the words. */
const comparable = (action: string): string => {
  const [verb = "", ...rest] = action.split(" ");
  if (verb === "vacation") return verb;
  if (verb === "reject") return action.replaceAll("\r\n", "??").trim();
  return [verb, ...rest.map((word) => (word.startsWith("\\") ? word.toLowerCase() : word)).toSorted()].join(" ");
};

const shared = CASES.filter(({ apart }) => apart === undefined);

it.each(shared.map((one) => ({ ...one })))("$name", async ({ script, message, envelope, expected }) => {
  const theirs = await askPigeonhole(folder, { script, message: MESSAGES[message], envelope });
  const ours = Array.isArray(expected) ? expected.map(comparable) : "refused" in expected ? "refused" : "fails";
  expect(Array.isArray(theirs) ? theirs.map(comparable) : theirs).toEqual(ours);
});
