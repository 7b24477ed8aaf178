import fc from "fast-check";
import { expect, it } from "vitest";
import { tokens, withoutDiacritics } from "./index-text.ts";
import { placedTokens } from "./token-positions.ts";

it.each([
  ["Hello, world!", ["hello@0-5", "world@7-12"]],
  ["alice@mesh.test", ["alice@0-5", "mesh@6-10", "test@11-15"]],
  ["Straße Café", ["strasse@0-6", "cafe@7-11"]],
  ["cafe\u0301 x", ["cafe@0-5", "x@6-7"]],
  ["in日本語x", ["in@0-2", "日@2-3", "本@3-4", "語@4-5", "x@5-6"]],
  ["Ｆｕｌｌ　width", ["full@0-4", "width@5-10"]],
  ["soft\u00adhyphen", ["softhyphen@0-11"]],
  ["½", ["1@0-1", "2@0-1"]],
  ["𠮷野", ["𠮷@0-2", "野@2-3"]],
  ["ｶﾞ", ["ガ@0-2"]],
  ["\u1112\u1161\u11ab", ["한@0-3"]],
])("the words of %j stand at %j", (text, placed) => {
  expect(placedTokens(text).map(({ token, at, end }) => `${token}@${at}-${end}`)).toEqual(placed);
});

it("has the words that the index has, in any text", () => {
  const pieces = fc.constantFrom(
    ...[
      "a",
      "É",
      "ß",
      "İ",
      "Σ",
      "ς",
      "ﬁ",
      "½",
      "\ufdfa",
      "日",
      "本",
      "ガ",
      "ｶ",
      "ﾞ",
      "한",
      "\u1112",
      "\u1161",
      "\u11ab",
    ],
    ...["\u0301", "\u0327", "\u200d", "\u00ad", "\ufe0f", "שׁ", "\u05c1", "م", "\u064e", "ह", "ि", "न्", "ท", "ี่", "𠮷"],
    ...[" ", "\n", "-", "_", "'", "1", "\u{1f600}", "\ud800", "\udc00", "\u3000", "´", "ά", "й", "ё"],
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 30 }).map((some) => some.join("")),
    fc.string({ unit: "binary", maxLength: 40 }),
  );
  fc.assert(
    fc.property(text, (body) => {
      const placed = placedTokens(body);
      expect(placed.map(({ token }) => token)).toEqual(tokens(body).map(withoutDiacritics));
      let last = 0;
      for (const { at, end } of placed) {
        expect(at).toBeGreaterThanOrEqual(Math.min(last, at));
        expect(end).toBeGreaterThan(at);
        expect(end).toBeLessThanOrEqual(body.length);
        last = end;
      }
    }),
    { numRuns: 5000, seed: 41 },
  );
});

it("takes time that grows with the length alone", () => {
  const start = performance.now();
  for (const unit of ["a ", "日", "é", "\u0301", "a\u200d", "½", "x".repeat(500)]) {
    placedTokens(unit.repeat(Math.ceil(100_000 / unit.length)));
  }
  expect(performance.now() - start).toBeLessThan(3000);
});
