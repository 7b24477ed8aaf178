import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completeWith, hasPart, operatorPart, partsOf, togglePart, typedPart } from "./query-parts.ts";

describe("the parts of a query", () => {
  it.each([
    ["", []],
    ["  tea  ", ["tea"]],
    ['from:ana (tea OR "green cake") is:unread', ["from:ana", '(tea OR "green cake")', "is:unread"]],
    ['"an open quote is:unread', ['"an open quote is:unread']],
    ["subject:(tea cake) {a b} -c", ["subject:(tea cake)", "{a b}", "-c"]],
    ["a) b", ["a)", "b"]],
    ["“curly quotes” x", ["“curly quotes”", "x"]],
  ])("%s", (query, parts) => {
    expect(partsOf(query)).toEqual(parts);
  });

  it("lose nothing that was typed but spaces between them", () => {
    const query = fc.string({ unit: fc.constantFrom("a", " ", '"', "(", ")", "{", "}", ":", "-") });
    fc.assert(
      fc.property(query, (text) => partsOf(text).join("").replaceAll(/\s/g, "") === text.replaceAll(/\s/g, "")),
    );
  });

  it("are put in and taken out", () => {
    expect(togglePart("tea", "is:unread")).toBe("tea is:unread");
    expect(togglePart("tea IS:UNREAD cake", "is:unread")).toBe("tea cake");
    expect(togglePart("", "is:unread")).toBe("is:unread");
    expect(hasPart('"is:unread or not"', "is:unread")).toBe(false);
  });

  it("take the place of what is being typed", () => {
    expect(completeWith("tea fr", "from:")).toBe("tea from:");
    expect(completeWith("tea from:an", "from:ana@river.example")).toBe("tea from:ana@river.example ");
    expect(completeWith("tea ", "is:unread")).toBe("tea is:unread ");
    expect(typedPart("tea from:an")).toBe("from:an");
    expect(typedPart("tea ")).toBe("");
  });

  it("hold any value", () => {
    expect(operatorPart("from", "ana@river.example")).toBe("from:ana@river.example");
    expect(operatorPart("in", 'My "old" mail')).toBe('in:"My  old  mail"');
    fc.assert(fc.property(fc.string(), (value) => partsOf(operatorPart("subject", value)).length === 1));
  });
});
