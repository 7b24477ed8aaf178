import { expect, it } from "vitest";
import { asLocal, snoozeTimes } from "./snooze-times.ts";

const offered = (now: string) => snoozeTimes(new Date(now)).map(([name, date]) => `${name} ${asLocal(date)}`);

it("offers what is still to come", () => {
  // A Wednesday.
  expect(offered("2026-03-11T09:20")).toEqual([
    "laterToday 2026-03-11T12:00",
    "thisEvening 2026-03-11T18:00",
    "tomorrow 2026-03-12T08:00",
    "weekend 2026-03-14T08:00",
    "nextWeek 2026-03-16T08:00",
  ]);
  expect(offered("2026-03-11T17:30")).toEqual([
    "tomorrow 2026-03-12T08:00",
    "weekend 2026-03-14T08:00",
    "nextWeek 2026-03-16T08:00",
  ]);
});

it("says nothing twice: on Friday tomorrow is the weekend, on Sunday it is next week", () => {
  expect(offered("2026-03-13T20:00")).toEqual(["tomorrow 2026-03-14T08:00", "nextWeek 2026-03-16T08:00"]);
  expect(offered("2026-03-15T20:00")).toEqual(["tomorrow 2026-03-16T08:00"]);
});

it("goes over the end of a year", () => {
  expect(offered("2026-12-31T20:00")[0]).toBe("tomorrow 2027-01-01T08:00");
});
