import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

const MINUTE = 60_000;

/** How many of so many tries, one each `every` milliseconds from a moment on, are taken. */
function taken(pace: Pace, key: string, tries: number, from: number, every = 0): number {
  let count = 0;
  for (let n = 0; n < tries; n++) {
    const now = from + n * every;
    if (!pace.fits(key, now)) continue;
    pace.count(key, now);
    count++;
  }
  return count;
}

describe("a pace", () => {
  it("takes a burst at once, and then what a minute gives", () => {
    const pace = new Pace({ per_minute: 60, burst: 100 });
    expect(taken(pace, "a", 1000, 0)).toBe(100);
    expect(taken(pace, "a", 1000, 999)).toBe(0);
    expect(taken(pace, "a", 1000, 1000)).toBe(1);
    expect(taken(pace, "a", 6000, 2000, 10)).toBe(60);
  });

  it("has the whole burst again after a quiet time, and never more", () => {
    const pace = new Pace({ per_minute: 60, burst: 100 });
    taken(pace, "a", 1000, 0);
    expect(taken(pace, "a", 1000, 10 * MINUTE)).toBe(100);
  });

  it("keeps each key apart, and asking counts nothing", () => {
    const pace = new Pace({ per_minute: 1, burst: 1 });
    for (let n = 0; n < 10; n++) expect(pace.fits("a", 0)).toBe(true);
    pace.count("a", 0);
    expect(pace.fits("a", 0)).toBe(false);
    expect(pace.fits("b", 0)).toBe(true);
  });

  it("remembers a bounded number of keys, and forgets the one that was counted longest ago", () => {
    const pace = new Pace({ per_minute: 1, burst: 1 }, 3);
    for (const key of ["a", "b", "c"]) pace.count(key, 0);
    pace.count("a", 0);
    pace.count("d", 0);
    expect(pace.size).toBe(3);
    expect(["a", "b", "c", "d"].map((key) => pace.fits(key, 0))).toEqual([false, true, false, false]);
  });

  it("what is counted beyond the burst is no debt, and a clock that was set back locks nobody out for long", () => {
    const pace = new Pace({ per_minute: 60, burst: 10 });
    for (let n = 0; n < 1000; n++) pace.count("a", 10 * MINUTE);
    expect(pace.fits("a", 10 * MINUTE + 1000)).toBe(true);
    pace.count("a", 0);
    expect(pace.fits("a", 1000)).toBe(true);
  });
});
