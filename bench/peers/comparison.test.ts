import { expect, it } from "vitest";
import { behind, comparison, foundBy } from "./comparison.ts";
import type { Figure } from "./figures.ts";

const measured = (name: string, figures: Record<string, Figure>) => ({
  name,
  figures: new Map(Object.entries(figures)),
});
const more = (value: number): Figure => ({ text: `${value}/s`, value, better: "more" });
const less = (value: number, found?: number): Figure => ({
  ...{ text: `${value} ms`, value, better: "less" },
  ...(found === undefined ? {} : { found }),
});

const ours = measured("Ours", { rate: more(300), marks: more(10), page: less(2), word: less(1, 7), cjk: less(1, 4) });
const peer = measured("Peer", { rate: more(100), page: less(1), word: less(1.02, 9), cjk: less(0.1, 0) });

it("says who is ahead and by what factor, and where nothing can be said", () => {
  expect(comparison(ours, [peer])).toEqual({
    head: ["", "Ours", "Peer", "ahead"],
    rows: [
      ["rate", "300/s", "100/s", "Ours 3.0 ×"],
      ["marks", "10/s", "-", ""],
      ["page", "2 ms", "1 ms", "Peer 2.0 ×"],
      ["word", "1 ms", "1.02 ms", "level"],
      ["cjk", "1 ms", "0.1 ms", "finds nothing"],
    ],
  });
});

it("says where ours is behind, but not behind an answer that misses everything", () => {
  expect(behind(ours, peer)).toEqual(["page (2.0 ×)"]);
});

it("says how much each search found", () => {
  expect(foundBy([ours, peer]).rows).toEqual([
    ["word", "7", "9"],
    ["cjk", "4", "0"],
  ]);
});
