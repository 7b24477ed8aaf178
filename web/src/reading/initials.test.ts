import { expect, it } from "vitest";
import { hueOf, initialsOf } from "./initials.ts";

it("takes the first letters of the first and the last word", () => {
  for (const [name, initials] of [
    ["Ines Carvalho", "IC"],
    ["Ana Maria de Souza", "AS"],
    ['"Reuter, Jonas"', "RJ"],
    ["éva", "É"],
    ["王小明", "王"],
    ["", "T"],
    ["!!!", "?"],
  ] as const) {
    expect([name, initialsOf({ name, email: "team@river.example" })]).toEqual([name, initials]);
  }
  expect(initialsOf(null)).toBe("?");
});

it("gives an address one colour, however it is written", () => {
  expect(hueOf("Ines@River.example")).toBe(hueOf("ines@river.example"));
  expect(hueOf("ines@river.example")).not.toBe(hueOf("inez@river.example"));
});
