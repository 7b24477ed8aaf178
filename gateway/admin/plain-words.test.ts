import { expect, it } from "vitest";
import { parseAddress } from "../../mail/address/address.ts";
import { inPlainWords } from "./plain-words.ts";

/** One address that is none for each way of being none. */
const NOT_ADDRESSES = [
  "",
  `a@${"b.".repeat(125)}test`,
  `${"a".repeat(60)}@${`${"b".repeat(49)}.`.repeat(4)}test`,
  "a\tb@c.test",
  "a\ud800@c.test",
  "alice",
  "@c.test",
  `${"a".repeat(65)}@c.test`,
  "a b@c.test",
  "a(b@c.test",
  "a..b@c.test",
  '"a@c.test',
  '"a"b@c.test',
  "a@",
  "a@[192.0.2.1]",
  "a@192.0.2.1",
  "a@b c",
  "a@b..c",
  `a@${"b".repeat(64)}.test`,
  "a@-b.test",
  "a@a\u200db.test",
];

it.each(NOT_ADDRESSES)("what is wrong with %j is a phrase, not a code, and steers no terminal", (text) => {
  const address = parseAddress(text);
  const words = address.ok ? "" : inPlainWords(address.error);
  expect(words).toMatch(/^[a-z"][^_\p{Cc}]*$/u);
  expect(words).toContain(" ");
});
