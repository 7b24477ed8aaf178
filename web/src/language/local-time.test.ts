import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fieldOf, hourOfDay, momentOf } from "./local-time.ts";
import { deviceZone, isTimeZone, setTimeZone, timeZone } from "./time-zone.ts";

/** Clocks go forward there at 02:00 on 29 March 2026, and back at 03:00 on 25 October. */
beforeEach(() => void setTimeZone("Europe/Berlin"));
afterEach(() => void setTimeZone(null));

describe("an hour of a day in the zone", () => {
  it.each([
    ["2026-03-12T12:00:00.000Z", "2026-03-13T07:00:00.000Z"],
    // The evening before the clocks change: 8:00 is an hour nearer than it was, and an hour farther in October.
    ["2026-03-28T20:00:00.000Z", "2026-03-29T06:00:00.000Z"],
    ["2026-10-24T20:00:00.000Z", "2026-10-25T07:00:00.000Z"],
    // Past midnight in Berlin, not in Greenwich.
    ["2026-03-12T23:30:00.000Z", "2026-03-14T07:00:00.000Z"],
    ["2026-12-31T12:00:00.000Z", "2027-01-01T07:00:00.000Z"],
  ])("8:00 on the day after %s is %s", (now, then) => {
    expect(hourOfDay(new Date(now), 1, 8).toISOString()).toBe(then);
  });

  it("is there in every zone, whatever zone the device is in", () => {
    const zones = [
      "Pacific/Kiritimati",
      "Pacific/Pago_Pago",
      "Asia/Kathmandu",
      "America/St_Johns",
      "Africa/Casablanca",
    ];
    for (const zone of zones) {
      setTimeZone(zone);
      for (let day = 0; day < 366; day++) {
        const now = new Date(Date.UTC(2026, 0, day, 11, 40));
        const [before, after] = [fieldOf(now), fieldOf(hourOfDay(now, 1, 8))];
        const expected = `${new Date(Date.parse(`${before}Z`) + 86_400_000).toISOString().slice(0, 10)}T08:00`;
        expect([zone, before, after]).toEqual([zone, before, expected]);
      }
    }
  });
});

describe("a date and time field", () => {
  it("says the zone's time, and is understood so", () => {
    for (const moment of ["2026-07-01T12:30:00.000Z", "2026-12-31T23:59:00.000Z", "2026-03-29T01:00:00.000Z"]) {
      expect(momentOf(fieldOf(new Date(moment)))?.toISOString()).toBe(moment);
    }
    expect(fieldOf(new Date("2026-07-01T12:30:00Z"))).toBe("2026-07-01T14:30");
    expect(momentOf("")).toBeNull();
  });

  it("goes on to the next minute that there is, where the clocks leave one out", () => {
    expect(momentOf("2026-03-29T02:30")?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });
});

it("takes the device's zone where none is chosen, or one that this browser does not know", () => {
  expect(setTimeZone("Mars/Olympus_Mons")).toBe(timeZone() !== "Europe/Berlin");
  expect([timeZone(), isTimeZone("Mars/Olympus_Mons")]).toEqual([deviceZone(), false]);
  expect([setTimeZone(null), setTimeZone("Asia/Kathmandu"), setTimeZone("Asia/Kathmandu")]).toEqual([
    false,
    true,
    false,
  ]);
});
