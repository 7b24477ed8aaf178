import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchWildcards } from "./wildcards.ts";

const upper = (text: string): string => text.toUpperCase();
const same = (text: string): string => text;

/** What RFC 5228 §2.7.1 says, tried in every way there is: the oracle. */
function matchesByTrying(value: string[], pattern: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return value.length === 0;
  if (first === "*") return value.some((_, n) => matchesByTrying(value.slice(n), rest)) || matchesByTrying([], rest);
  if (value.length === 0) return false;
  if (first === "?" || first === value[0]) return matchesByTrying(value.slice(1), rest);
  return false;
}

const text = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "😀", "*", "?"), maxLength: 6 });

describe("wildcards", () => {
  it("match what trying every way matches", () => {
    fc.assert(
      fc.property(text, pattern, (value, wanted) => {
        const found = matchWildcards(value, wanted, same, () => {});
        expect(found !== null).toBe(matchesByTrying([...value], [...wanted]));
      }),
      { numRuns: 2000 },
    );
  });

  it("what they took, put into the pattern, is the value", () => {
    fc.assert(
      fc.property(text, pattern, (value, wanted) => {
        const found = matchWildcards(value, wanted, same, () => {});
        if (found === null) return;
        const [whole, ...taken] = found;
        expect(whole).toBe(value);
        expect(wanted.replace(/[*?]/g, () => taken.shift() ?? "missing")).toBe(value);
        expect(taken).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it("fold the case of what is compared and keep that of what is taken", () => {
    expect(matchWildcards("Hello World", "hello *", upper, () => {})).toEqual(["Hello World", "World"]);
  });

  it("quote with a backslash", () => {
    expect(matchWildcards("a*b", "a\\*b", same, () => {})).toEqual(["a*b"]);
    expect(matchWildcards("axb", "a\\*b", same, () => {})).toBeNull();
    expect(matchWildcards("a\\", "a\\", same, () => {})).toEqual(["a\\"]);
  });

  it.each([
    ["many stars", "*a".repeat(1000)],
    ["a star that never ends", `*${"a".repeat(1000)}b*`],
    ["single wildcards", `*${"?".repeat(1000)}b*`],
    ["a single wildcard before each letter", `${"*?a".repeat(500)}*b`],
  ])("look at no character again for each star: %s", (_name, hostile) => {
    const looked = (length: number): number => {
      let spent = 0;
      matchWildcards("a".repeat(length), hostile, same, (characters) => {
        spent += characters;
      });
      return spent;
    };
    // Twice the text, at most twice the work, and a little more.
    expect(looked(20_000)).toBeLessThanOrEqual(2.1 * looked(10_000));
  });
});
