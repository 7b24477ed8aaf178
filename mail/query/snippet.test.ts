import fc from "fast-check";
import { expect, it } from "vitest";
import { tokens, withoutDiacritics } from "../text/index-text.ts";
import { query as anyQuery } from "./fixtures/arbitrary-query.ts";
import { parseQuery } from "./parse-query.ts";
import { hitsIn, needlesOf, snippetOf } from "./snippet.ts";

const needles = (q: string, is_unfinished = false) => needlesOf(parseQuery(q, { is_unfinished }).query);
const marked = (text: string, q: string, is_unfinished = false) => {
  const hits = hitsIn(text, needles(q, is_unfinished));
  return hits.map(({ at, length }) => text.slice(at, at + length));
};

it.each([
  ["The red boat and the Red car", "red", ["red", "Red"]],
  ["red boat, boat red", '"red boat"', ["red boat"]],
  ["red boat", 'red "red boat"', ["red boat"]],
  ["A Café in the STRASSE", "cafe straße", ["Café", "STRASSE"]],
  ["我们明天在北京开会", "北京", ["北京"]],
  ["mail ann@mesh.test now", "ann@mesh.test", ["ann@mesh.test"]],
  ["invoice invite inn", "inv", []],
  ["tea -cake", "tea -cake", ["tea"]],
  ["tea cake", "-(cake -tea)", ["tea"]],
  ["half ½ of", "1", []],
])("in %j, %s is at %j", (text, q, hits) => {
  expect(marked(text, q)).toEqual(hits);
});

it("marks the words that begin with the one being typed", () => {
  expect(marked("invoice, Invite and inn", "inv", true)).toEqual(["invoice", "Invite"]);
});

it("shows the piece with the most of what was searched for", () => {
  const text = `${"filler ".repeat(100)}red here ${"filler ".repeat(100)}the red boat sails ${"filler ".repeat(100)}`;
  const { text: piece, hits } = snippetOf(text, needles("red boat"));
  expect(piece).toMatch(/^…(?:filler )+the red boat sails (?:filler )*filler…$/);
  expect(hits.map(({ at, length }) => piece.slice(at, at + length))).toEqual(["red", "boat"]);
  expect(piece.length).toBeLessThanOrEqual(202);
});

it("shows the beginning where there is nothing to mark", () => {
  expect(snippetOf(" Hello\r\n there ", needles("x"))).toEqual({ text: "Hello there", hits: [] });
  expect(snippetOf("", needles("x"))).toEqual({ text: "", hits: [] });
});

it("of any text and query marks what the query asks for, in a bounded and well-formed line", () => {
  const words = fc.constantFrom(
    ..."alpha beta Gamma été 日本 語 a-b x:y l'eau 10:30 \u{1f600} \n 𠮷 ½".split(" "),
    "x".repeat(300),
  );
  const text = fc
    .array(words, { maxLength: 80 })
    .chain((some) => fc.constantFrom(" ", "", "\n").map((between) => some.join(between)));
  fc.assert(
    fc.property(text, anyQuery, fc.boolean(), (body, tree, isUnfinished) => {
      const sought = needlesOf(tree).map((needle) => ({ ...needle, is_unfinished: isUnfinished }));
      const { text: piece, hits } = snippetOf(body, sought);
      expect(piece.isWellFormed()).toBe(true);
      expect(piece).not.toMatch(/[\p{Cc}]/u);
      expect(piece.length).toBeLessThanOrEqual(202);
      let last = 0;
      for (const { at, length } of hits) {
        expect(at).toBeGreaterThanOrEqual(last);
        last = at + length;
        const run = tokens(piece.slice(at, last)).map(withoutDiacritics);
        const isAsked = sought.some(
          ({ words: asked }) =>
            asked.length === run.length &&
            asked.every((word, n) =>
              isUnfinished && n === run.length - 1 ? run[n]?.startsWith(word) : run[n] === word,
            ),
        );
        expect([piece, run, isAsked]).toEqual([piece, run, true]);
      }
    }),
    { numRuns: 3000, seed: 42 },
  );
});
