import { expect, it } from "vitest";
import { beginsIn, suggestPeople } from "./suggestions.ts";

it.each([
  ["ann", "Ann Lee", true],
  ["le", "Ann Lee", true],
  ["ann l", "Ann Lee", true],
  ["LÉE", "Ann Lee", true],
  ["nn", "Ann Lee", false],
  ["ann x", "Ann Lee", false],
  ["mesh.t", "ann@mesh.test", true],
  ["北", "王北京", true],
  ["", "anything", true],
])("%j begins in %j: %j", (typed, text, begins) => {
  expect(beginsIn(typed)(text)).toBe(begins);
});

it("suggests the most frequent people, each once, by the newest name that they have", () => {
  const ann = { name: "Ann Lee", email: "ann@mesh.test" };
  const anna = { name: "", email: "Anna@mesh.test" };
  const bob = { name: "Bob Annis", email: "bob@far.example" };
  const messages = [
    [anna, bob],
    [ann],
    [
      { ...ann, name: "A. Lee" },
      { name: "Anna", email: "anna@mesh.test" },
    ],
    [ann],
  ];
  expect(suggestPeople("ann", messages, 5)).toEqual([ann, { ...anna, name: "Anna" }, bob]);
  expect(suggestPeople("annis", messages, 5)).toEqual([bob]);
  expect(suggestPeople("ann", messages, 1)).toEqual([ann]);
  expect(suggestPeople("lee", messages, 5)).toEqual([ann]);
});

it("suggests nobody to whom no mail can go", () => {
  const typed = ["ann", "ann@", "", "annual list:;"].map((email) => ({ name: "Ann", email }));
  expect(suggestPeople("ann", [typed, [{ name: "", email: "ann@mesh.test" }]], 5)).toEqual([
    { name: "", email: "ann@mesh.test" },
  ]);
});
