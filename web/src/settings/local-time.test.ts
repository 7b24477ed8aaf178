import { expect, it } from "vitest";
import { fieldOf, momentOf } from "./local-time.ts";

it("takes a moment into a field and out again", () => {
  for (const moment of ["2026-07-01T12:30:00.000Z", "2026-12-31T23:59:00.000Z"]) {
    expect(momentOf(fieldOf(moment))).toBe(moment);
  }
  expect([fieldOf(null), momentOf("")]).toEqual(["", null]);
});
