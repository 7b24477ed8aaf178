import { expect, it } from "vitest";
import { accountAllowance, dayOf, domainAllowance, fullLimit, nextDay } from "./warm-up.ts";

const DAY = 24 * 3_600_000;
const days = (n: number) => Array.from({ length: n }, (_, day) => day);

it("an account grows from a tenth to its full limit in two weeks", () => {
  expect(days(15).map((day) => accountAllowance(500, day * DAY))).toEqual([
    50, 59, 69, 82, 97, 114, 134, 158, 186, 220, 259, 305, 360, 424, 500,
  ]);
  expect(accountAllowance(500, 1000 * DAY)).toBe(500);
  expect(accountAllowance(500, -DAY)).toBe(50);
});

it("a domain begins with what one account may, and after two weeks has no limit of its own", () => {
  expect(days(5).map((day) => domainAllowance(500, day * DAY))).toEqual([500, 750, 1125, 1688, 2531]);
  expect(domainAllowance(500, 14 * DAY)).toBeNull();
});

it("a setting of 0 is no limit, and one that is none is the default", () => {
  expect([undefined, "", "0", "20", "-1", "many"].map(fullLimit)).toEqual([500, 500, null, 20, 500, 500]);
});

it("days end at midnight UTC", () => {
  const late = Date.parse("2026-12-31T23:59:59.999Z");
  expect([dayOf(late), nextDay(late) - late]).toEqual(["2026-12-31", 1]);
});
