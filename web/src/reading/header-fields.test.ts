import { expect, it } from "vitest";
import { fieldsOf, headerOf } from "./header-fields.ts";

it("reads the fields of a header, folded ones as one line", () => {
  const header = headerOf(
    "Received: from a\r\n\tby b;\r\n  today\r\nSubject: Hello: you\r\nno field\r\n\r\nTo: not this\r\n",
  );
  expect(fieldsOf(header).map(({ name, value }) => [name, value])).toEqual([
    ["Received", "from a by b; today"],
    ["Subject", "Hello: you"],
    ["", "no field"],
  ]);
});

it("has an empty header where there is none", () => {
  expect(headerOf("\r\nText")).toBe("");
  expect(fieldsOf("")).toEqual([]);
});
