import { describe, expect, it } from "vitest";
import { patternsOf, senderPattern } from "./sender-pattern.ts";

describe("a pattern", () => {
  it.each([
    ["Ann@Far.Example", "ann@far.example"],
    ['"ann"@far.example', "ann@far.example"],
    ["@Far.Example", "@far.example"],
    ["@müller.example", "@xn--mller-kva.example"],
    ["far.example", null],
    ["@com", null],
    ["@", null],
    ["@@far.example", null],
    ["@far..example", null],
    ["@192.0.2.1", null],
    ["postmaster", null],
    ["*@far.example", "*@far.example"],
  ])("%s is %s", (text, pattern) => {
    expect(senderPattern(text)).toBe(pattern);
  });
});

describe("the patterns of an address", () => {
  it("are itself, itself without its tag, its domain and those above, but no top-level domain", () => {
    expect(patternsOf("Ann+shop@News.Far.Example")).toEqual([
      "ann+shop@news.far.example",
      "ann@news.far.example",
      "@news.far.example",
      "@far.example",
    ]);
    expect(patternsOf("ann@localhost")).toEqual(["ann@localhost"]);
  });

  it("are none for what is no address", () => {
    expect(patternsOf("")).toEqual([]);
    expect(patternsOf("ann")).toEqual([]);
    expect(patternsOf("postmaster")).toEqual([]);
  });

  it("of another domain whose name ends alike are not its own", () => {
    expect(patternsOf("ann@notfar.example")).not.toContain("@far.example");
  });

  it("of the longest name there is are few enough to ask for", () => {
    expect(patternsOf(`a@${"a.".repeat(120)}example`).length).toBeLessThan(130);
  });
});
