import { expect, it } from "vitest";
import { nextSelectors } from "./selectors.ts";

const NOVEMBER = Date.UTC(2026, 10, 25);

it("names the first pair of a month", () => {
  expect(nextSelectors(null, NOVEMBER, 2)).toEqual(["mm202611a", "mm202611b"]);
  expect(nextSelectors("mm202610d", NOVEMBER, 2)).toEqual(["mm202611a", "mm202611b"]);
});

it("sorts and never repeats, though the clock goes back and a month has many", () => {
  const all: string[] = [];
  for (let n = 0; n < 200; n += 1) all.push(...nextSelectors(all.at(-1) ?? null, NOVEMBER - n * 86_400_000, 2));
  expect(all.toSorted()).toEqual(all);
  expect(new Set(all).size).toBe(400);
  expect(all.every((selector) => /^[a-z0-9]{1,63}$/.test(selector))).toBe(true);
});
