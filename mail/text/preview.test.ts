import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { preview } from "./preview.ts";

describe("a preview", () => {
  it.each([
    ["Hello Ann,\n\nhow are you?\n", "Hello Ann, how are you?"],
    ["> quoted\n>> twice\nMy answer.\n> more", "My answer."],
    ["On Mon, 26 Aug 2002, Ann Lee wrote:\n> hi\n\nHi back.", "Hi back."],
    ["Am 26.08.2002 schrieb Ann:\n> hi\n\nHallo.", "Hallo."],
    ["Yes.\n-- \nAnn Lee\nChief Officer", "Yes."],
    ["-- \nonly a signature", "only a signature"],
    ["Ok.\n\n-----Original Message-----\nFrom: Bob", "Ok."],
    ["----------------\n======\n* * *\nText", "Text"],
    ["> all\n> quoted", "all quoted"],
    ["a\u00a0\u2003b\t\r\nc", "a b c"],
    ["Sale!\u034f \u200c \u034f \u200c \u00ad\ufeff\u2800 Now", "Sale! Now"],
    ["View online <https://news.test/very/long?x=y>\nHello", "View online Hello"],
    ["\u{1f468}\u200d\u{1f469}\u200d\u{1f467} family", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} family"],
    ["\u{1f389}", "\u{1f389}"],
    ["", ""],
    [" \n\n ", ""],
  ])("of %j is %j", (text, expected) => {
    expect(preview(text)).toBe(expected);
  });

  it("ends at a word where one ends nearby, with an ellipsis", () => {
    expect(preview("word ".repeat(100))).toBe(`${"word ".repeat(27)}word…`);
    expect(preview("x".repeat(200))).toBe(`${"x".repeat(140)}…`);
    expect(preview("x".repeat(140))).toBe("x".repeat(140));
  });

  it("never cuts a character in two", () => {
    const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
    expect(preview(family.repeat(200), 10)).toBe(`${family.repeat(10)}…`);
    expect(preview("e\u0301".repeat(200), 10)).toBe(`${"e\u0301".repeat(10)}…`);
  });

  it("of one endless character has an end", () => {
    expect(preview(`z${"\u0300".repeat(10_000)}`).length).toBeLessThan(20);
  });

  it("of any text is one well-formed line of bounded length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const line = preview(text, length);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(line.length).toBeLessThanOrEqual(length * 32 + 1);
      }),
      { numRuns: 1000, seed: 13 },
    );
  });

  it("of a long text takes no longer than of a short one", () => {
    const start = performance.now();
    for (const unit of ["> ", "\n", "\u200d", "On x wrote", "<https://", " ", "- "]) preview(unit.repeat(1_000_000));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
