import { expect, it } from "vitest";
import { shownName } from "./names.ts";

it("is empty where nothing of it would be seen", () => {
  for (const name of ["", " ", "\u200b\u200b", "\u202e", "\u3164", "\u00ad\ufeff", "\n"])
    expect(shownName(name)).toBe("");
});

it("leaves what people are called", () => {
  const family = "👩\u200d👧";
  for (const name of ["Ines Carvalho", "رامي", "می\u200cخواهم", family, "王小明"]) expect(shownName(name)).toBe(name);
});
