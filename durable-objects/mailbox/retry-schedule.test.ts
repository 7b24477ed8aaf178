import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retrySchedule } from "./retry-schedule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The minutes at which a message is tried that never leaves, from the moment it was to leave until it is given up. */
function triesOf(schedule: ReturnType<typeof retrySchedule>): number[] {
  const tries: number[] = [];
  for (let now = 0, attempts = 1; ; attempts++) {
    tries.push(Math.round(now / MINUTE));
    if (now >= schedule.overAt(0)) return tries;
    now = schedule.retryAt(attempts, 0, now);
  }
}

describe("tries", () => {
  it("come after a minute, then ever later up to four hours, at the notice and at the end", () => {
    const tries = triesOf(retrySchedule({}, () => 0));
    expect(tries.slice(0, 12)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 240, 480, 720, 960]);
    expect(tries.at(-1)).toBe((4 * DAY) / MINUTE);
    expect(tries.length).toBeLessThan(40);
  });

  it("are spread by chance, and by no more than a fifth", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, chance) => {
        const [least, at] = [0, chance].map((random) =>
          retrySchedule({}, () => random).retryAt(attempts, -HOUR * 5, 0),
        );
        expect(at).toBeGreaterThanOrEqual(least ?? 0);
        expect(at).toBeLessThanOrEqual((least ?? 0) * 1.2 + 1);
        expect(at).toBeGreaterThanOrEqual(MINUTE);
        expect(at).toBeLessThanOrEqual(4.8 * HOUR);
      }),
    );
  });

  it("are what the deployment says", () => {
    const schedule = retrySchedule(
      { RETRY_DELAYS_SECONDS: "5,10", RETRY_FOR_SECONDS: "60", DELAY_NOTICE_SECONDS: "30" },
      () => 0,
    );
    expect([1, 2, 3].map((attempts) => schedule.retryAt(attempts, 0, 1000))).toEqual([6000, 11_000, 11_000]);
    expect(schedule.retryAt(3, 0, 29_000)).toBe(30_000);
    expect(schedule.retryAt(3, 0, 55_000)).toBe(60_000);
    expect([schedule.overAt(7), schedule.isLate(0, 29_999), schedule.isLate(0, 30_000)]).toEqual([60_007, false, true]);
  });

  it("are the usual ones where the setting says nothing that could be meant", () => {
    for (const nothing of ["", "0", "soon", "-1"]) {
      const schedule = retrySchedule({ RETRY_DELAYS_SECONDS: nothing, RETRY_FOR_SECONDS: nothing }, () => 0);
      expect([schedule.retryAt(1, 0, 0), schedule.overAt(0)]).toEqual([MINUTE, 4 * DAY]);
    }
  });
});

describe("an unanswered hand-over", () => {
  it("is left alone for longer than a server may take to answer, and twice as long each time", () => {
    const schedule = retrySchedule({});
    const waits = [1, 2, 3, 4, 5, 6, 60].map((count) => (schedule.certainAt(count, 5) - 5) / MINUTE);
    expect(waits).toEqual([15, 30, 60, 120, 240, 240, 240]);
    expect(retrySchedule({ UNCERTAIN_DELAY_SECONDS: "2" }).certainAt(2, 0)).toBe(4000);
  });
});
