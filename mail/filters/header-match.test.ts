import { describe, expect, it } from "vitest";
import type { HeaderMatch } from "../../contract/filters.ts";
import { matchesWildcards as countedMatch, HeaderMatcher, matchesHeaders } from "./header-match.ts";

const HEADER = new TextEncoder().encode(
  [
    "Received: by a.example",
    "List-Id: The =?utf-8?Q?K=C3=BCche?= list",
    "\t<kitchen.example>",
    "X-Spam-Level: ***",
    "received: by b.example",
    "Empty:",
    "",
    "X-In-Body: yes",
    "",
  ].join("\r\n"),
);
const has = (match: HeaderMatch["match"], field: string, value = "", is_not = false) =>
  matchesHeaders(HEADER, [{ match, field, value, is_not } as HeaderMatch]);

describe("a header match", () => {
  it.each([
    ["contains text across a fold, decoded, in any case", has("contains", "list-id", "KÜCHE LIST <kitchen"), true],
    ["is the whole value", has("is", "x-spam-level", "***"), true],
    ["is not a part of it", has("is", "x-spam-level", "**"), false],
    ["looks at every field of the name", has("contains", "Received", "b.example"), true],
    ["finds a field that is empty", has("exists", "empty"), true],
    ["does not look into the body", has("exists", "X-In-Body"), false],
    ["turned round holds where the field is missing", has("contains", "x-other", "x", true), true],
    ["turned round fails where one of the fields matches", has("contains", "received", "a.example", true), false],
    ["takes characters of patterns as they are", has("contains", "list-id", "k.che"), false],
    ["with wildcards is about the whole value", has("matches", "list-id", "kitchen*"), false],
    ["with wildcards holds", has("matches", "list-id", "*<kitchen.?xample>"), true],
  ])("%s", (_what, said, expected) => {
    expect(said).toBe(expected);
  });

  it("holds only if all hold", () => {
    const [one, other] = [
      { match: "exists", field: "received", is_not: false },
      { match: "exists", field: "x-other", is_not: false },
    ] as const;
    expect(matchesHeaders(HEADER, [one])).toBe(true);
    expect(matchesHeaders(HEADER, [one, other])).toBe(false);
  });

  it("looks at a header without its end", () => {
    expect(
      matchesHeaders(new TextEncoder().encode("A: b"), [{ match: "is", field: "a", value: "b", is_not: false }]),
    ).toBe(true);
  });
});

it("two thousand matches of the worst kind in the largest header are answered soon, and those behind them not at all", () => {
  const header = new TextEncoder().encode(`${`X: ${"a".repeat(4000)}\r\n`.repeat(15)}Y: y\r\n`);
  const matcher = new HeaderMatcher(header);
  const asked = (match: string, value: string, is_not = false) =>
    matcher.matches([{ match, field: "x", value, is_not } as HeaderMatch]);
  const start = performance.now();
  for (let n = 0; n < 1000; n++) {
    const value = `${"a".repeat(99)}b${"a".repeat(90)}`;
    expect(asked("matches", `*${value}*`)).toBe(false);
    expect(asked("contains", value)).toBe(false);
  }
  // A minute and more without a bound.
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(asked("contains", "a")).toBe(false);
  expect(asked("contains", "z", true)).toBe(false);
});

const matchesWildcards = (text: string, pattern: string): boolean => countedMatch(text, pattern, () => {});

describe("wildcards", () => {
  it.each([
    ["abc", "abc", true],
    ["abc", "a*c", true],
    ["abc", "*", true],
    ["", "*", true],
    ["", "?", false],
    ["abc", "a?c", true],
    ["abc", "????", false],
    ["abab", "*ab", true],
    ["ab", "ab*ab", false],
    ["aXbXc", "a*b*c", true],
    ["a😀c", "a?c", true],
    ["abcabd", "*ab?", true],
    ["aaa", "a**a", true],
    ["a\\*c", "a\\*c", true],
    ["a*c", "a\\*c", false],
  ])("%j against %j: %s", (text, pattern, expected) => {
    expect(matchesWildcards(text, pattern)).toBe(expected);
  });

  it("agree with a regular expression on every short text", () => {
    const texts = wordsOf("ab", 4);
    const patterns = wordsOf("ab*?", 4);
    for (const pattern of patterns) {
      const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      for (const text of texts) {
        if (matchesWildcards(text, pattern) !== expression.test(text)) expect.fail(`${text} against ${pattern}`);
      }
    }
  });

  it("of the worst kind are answered at once", () => {
    expect(matchesWildcards("a".repeat(4096), `${"*a".repeat(99)}b`)).toBe(false);
  });
});

/** All words of these letters up to a length. */
function wordsOf(letters: string, length: number): string[] {
  const all = [""];
  for (let from = 0, n = 0; n < length; n++) {
    const longest = all.slice(from);
    from = all.length;
    all.push(...longest.flatMap((word) => Array.from(letters, (letter) => word + letter)));
  }
  return all;
}
