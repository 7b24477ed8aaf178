import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fieldOf, momentOf } from "../language/local-time.ts";
import { setTimeZone } from "../language/time-zone.ts";
import { presetsAt } from "./schedule.ts";

beforeAll(() => void setTimeZone("Asia/Tokyo"));
afterAll(() => void setTimeZone(null));

const offered = (now: string) =>
  presetsAt(momentOf(now) ?? new Date(Number.NaN)).map(({ name, date }) => `${name} ${fieldOf(date)}`);

describe("what is offered for later", () => {
  it("on a Wednesday at noon", () =>
    expect(offered("2026-11-25T12:00")).toEqual([
      "evening 2026-11-25T18:00",
      "tomorrow 2026-11-26T08:00",
      "monday 2026-11-30T08:00",
    ]));
  it("late on a Sunday, when tomorrow is Monday", () =>
    expect(offered("2026-11-29T21:00")).toEqual(["tomorrow 2026-11-30T08:00"]));
  it("on a Monday, when the next one is a week away", () =>
    expect(offered("2026-11-30T21:00").at(-1)).toBe("monday 2026-12-07T08:00"));
});
