import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { longDate, relativeDate, shortDate } from "./dates.ts";
import { setTimeZone } from "./time-zone.ts";

beforeEach(() => {
  vi.stubGlobal("navigator", { languages: ["en-GB", "de-DE"] });
  setTimeZone("Asia/Kolkata");
});
afterEach(() => {
  vi.unstubAllGlobals();
  setTimeZone(null);
});

/** At five and a half hours before Greenwich. */
const at = (text: string) => new Date(`${text}:00+05:30`);
const NOW = at("2026-03-12T09:30");

describe("in a list", () => {
  it.each([
    ["2026-03-12T00:05", "00:05"],
    ["2026-03-11T23:59", "Wed"],
    ["2026-03-06T10:00", "Fri"],
    ["2026-03-05T10:00", "5 Mar"],
    ["2026-01-01T10:00", "1 Jan"],
    ["2025-12-31T10:00", "31 Dec 2025"],
    // A clock that is wrong, or a message that was imported with a date to come.
    ["2026-03-13T10:00", "13 Mar"],
    ["2027-03-12T10:00", "12 Mar 2027"],
  ])("%s is %s", (date, shown) => {
    expect(shortDate(at(date), NOW, "en")).toBe(shown);
  });

  it("is in the language of the page", () => {
    expect(shortDate(at("2026-03-05T10:00"), NOW, "de")).toBe("5. März");
    expect(shortDate(at("2026-03-05T10:00"), NOW, "zh")).toBe("3月5日");
  });
});

it("whole, it says the day and the minute", () => {
  expect(longDate(at("2026-03-05T14:07"), "en")).toMatch(/^Thursday,? 5 March 2026 at 14:07$/);
});

describe("beside now", () => {
  it.each([
    [1, "1 second ago"],
    [59, "59 seconds ago"],
    [60, "1 minute ago"],
    [3600 * 3 + 59, "3 hours ago"],
    [86_400, "yesterday"],
    [2_592_000 * 2, "2 months ago"],
    [31_536_000, "last year"],
    [-86_400, "tomorrow"],
    [0, "now"],
  ])("%i seconds back is %s", (seconds, said) => {
    expect(relativeDate(new Date(NOW.getTime() - seconds * 1000), NOW, "en")).toBe(said);
  });
});
