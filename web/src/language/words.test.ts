import { describe, expect, it } from "vitest";
import de from "./de/words.ts";
import en from "./en/words.ts";
import zh from "./zh/words.ts";

type Words = { [key: string]: string | Words };

/** Every sentence by its name; plural forms, which languages have different ones of, by one. */
function sentences(words: Words, at = ""): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): [string, string][] => {
      const name = `${at}${key.replace(/_(zero|one|two|few|many|other)$/, "")}`;
      return typeof value === "string" ? [[name, value]] : [...sentences(value, `${name}.`)];
    }),
  );
}
const placeholders = (text: string | undefined) => [...new Set(text?.match(/\{\{\w+\}\}/g) ?? [])].toSorted();

describe.each([
  ["German", "de", de],
  ["Chinese", "zh", zh],
])("%s", (_name, language, words) => {
  const [here, there] = [sentences(words), sentences(en)];

  it("says everything that English says, and nothing else", () => {
    expect([...here.keys()].toSorted()).toEqual([...there.keys()].toSorted());
  });

  it("has the same things in its sentences", () => {
    for (const [name, text] of there) {
      // A form for one thing may leave out the number.
      if (!text.includes("{{count}}")) expect([name, placeholders(here.get(name))]).toEqual([name, placeholders(text)]);
    }
  });

  it("has every plural form that it needs", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const check = (part: Words, at: string): void => {
      for (const [key, value] of Object.entries(part)) {
        if (typeof value !== "string") check(value, `${at}${key}.`);
        else if (key.endsWith("_other")) {
          for (const form of forms) expect(part, `${at}${key}`).toHaveProperty(key.replace(/other$/, form));
        }
      }
    };
    check(words, "");
  });
});
