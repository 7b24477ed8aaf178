import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOfAge, parseCalendarDate, startOfDate } from "./calendar.ts";

const startOf = (text: string, zone: string) => {
  const date = parseCalendarDate(text);
  return date === null ? "no date" : new Date(startOfDate(date, zone)).toISOString();
};

describe("a day", () => {
  it.each([
    ["2024-03-31", "Europe/Berlin", "2024-03-30T23:00:00.000Z"],
    ["2024-04-01", "Europe/Berlin", "2024-03-31T22:00:00.000Z"],
    ["2024-10-27", "Europe/Berlin", "2024-10-26T22:00:00.000Z"],
    ["2024-10-28", "Europe/Berlin", "2024-10-27T23:00:00.000Z"],
    // The clocks of these go forward at midnight: the day begins at one.
    ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
    ["2024-03-31", "Asia/Beirut", "2024-03-30T22:00:00.000Z"],
    // And back at midnight: the evening before comes twice.
    ["2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00.000Z"],
    // Samoa left out a Friday.
    ["2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00.000Z"],
    ["2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00.000Z"],
    ["2024-01-01", "Pacific/Kiritimati", "2023-12-31T10:00:00.000Z"],
    ["2024-05", "+05:45", "2024-04-30T18:15:00.000Z"],
    ["1970", "UTC", "1970-01-01T00:00:00.000Z"],
  ])("%s in %s begins at %s", (text, zone, moment) => {
    expect(startOf(text, zone)).toBe(moment);
  });

  it("begins when the clock on the wall comes to it, in every zone", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    const day = fc.date({ min: new Date("1970-01-03"), max: new Date("2037-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...zones), day, (zone, date) => {
        const text = date.toISOString().slice(0, 10);
        const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
        const start = Date.parse(startOf(text, zone));
        expect([text, zone, format.format(start) >= text]).toEqual([text, zone, true]);
        expect([text, zone, format.format(start - 1) < text]).toEqual([text, zone, true]);
      }),
      { numRuns: 2000, seed: 21 },
    );
  });
});

it.each([
  ["1m", "2024-03-31T10:00:00Z", "2024-02-29T10:00:00.000Z"],
  ["1y", "2024-02-29T10:00:00Z", "2023-02-28T10:00:00.000Z"],
  ["14m", "2024-01-15T00:00:00Z", "2022-11-15T00:00:00.000Z"],
  ["10d", "2024-01-05T01:00:00Z", "2023-12-26T01:00:00.000Z"],
  ["2w", "2024-01-05T01:00:00Z", "2023-12-22T01:00:00.000Z"],
  ["0d", "2024-01-05T01:00:00Z", "2024-01-05T01:00:00.000Z"],
] as const)("%s before %s is %s", (age, now, moment) => {
  const unit = ({ d: "d", w: "w", m: "m", y: "y" } as const)[age.slice(-1)] ?? "d";
  expect(new Date(momentOfAge({ count: Number.parseInt(age, 10), unit }, Date.parse(now))).toISOString()).toBe(moment);
});
