import { expect, it } from "vitest";
import { lineOf, roundTop, rowsOf } from "./queue-chart-shape.ts";

const HOUR = 3_600_000;
const begin = Date.UTC(2026, 10, 28);
const point = (hour: number, recipients: number) => ({
  at: new Date(begin + hour * HOUR).toISOString(),
  ...{ submissions: 1, recipients, oldest_seconds: recipients * 10 },
});

it("draws each point in its place, and nothing through a time without any", () => {
  const points = [point(0, 4), point(1, 8), point(8, 10)];
  const line = lineOf({ interval_seconds: 3600, points }, ({ recipients }) => recipients, begin, begin + 10 * HOUR);
  expect(line.top).toBe(10);
  expect(line.path).toBe("M0 0.6L0.1 0.2M0.8 0");
  expect(line.area).toBe("M0 0.6L0.1 0.2L0.1 1L0 1ZM0.8 0L0.8 1L0.8 1Z");
});

it("has a round number at the top", () => {
  expect([0, 1, 3, 10, 21, 51, 100_001].map(roundTop)).toEqual([1, 1, 5, 10, 50, 100, 200_000]);
});

it("says the most of each span, the newest first", () => {
  expect(rowsOf([point(0, 4), point(5, 9), point(6, 1)], 6 * 3600)).toEqual([
    { from: "2026-11-28T06:00:00.000Z", recipients: 1, oldest_seconds: 10 },
    { from: "2026-11-28T00:00:00.000Z", recipients: 9, oldest_seconds: 90 },
  ]);
});
