import { afterAll, beforeAll, expect, it } from "vitest";
import { fieldOf, momentOf } from "../language/local-time.ts";
import { setTimeZone } from "../language/time-zone.ts";
import { snoozeTimes } from "./snooze-times.ts";

beforeAll(() => void setTimeZone("America/New_York"));
afterAll(() => void setTimeZone(null));

const offered = (now: string) =>
  snoozeTimes(momentOf(now) ?? new Date(Number.NaN)).map(([name, date]) => `${name} ${fieldOf(date)}`);

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

it("is the same hour after the clocks were changed", () => {
  // They go forward on Sunday the 8th.
  expect(snoozeTimes(new Date("2026-03-06T15:00:00Z")).map(([, date]) => date.toISOString())).toEqual([
    "2026-03-06T18:00:00.000Z",
    "2026-03-06T23:00:00.000Z",
    "2026-03-07T13:00:00.000Z",
    "2026-03-09T12:00:00.000Z",
  ]);
});
