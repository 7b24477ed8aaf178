import { describe, expect, it } from "vitest";
import { presetsAt } from "./schedule.ts";

const offered = (now: string) =>
  presetsAt(new Date(now)).map(({ name, date }) => [name, date.toDateString().slice(0, 3), date.getHours()]);

describe("what is offered for later", () => {
  it("on a Wednesday at noon", () =>
    expect(offered("2026-11-25T12:00")).toEqual([
      ["evening", "Wed", 18],
      ["tomorrow", "Thu", 8],
      ["monday", "Mon", 8],
    ]));
  it("late on a Sunday, when tomorrow is Monday", () =>
    expect(offered("2026-11-29T21:00")).toEqual([["tomorrow", "Mon", 8]]));
  it("on a Monday, when the next one is a week away", () =>
    expect(presetsAt(new Date("2026-11-30T21:00")).at(-1)?.date).toEqual(new Date("2026-12-07T08:00")));
});
