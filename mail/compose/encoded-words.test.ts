import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeWords } from "./encoded-words.ts";
import { foldTokens, formatText } from "./header-text.ts";

/** RFC 2047 §4, by the book and by itself: each word must decode on its own. */
function decodeWord(word: string): string {
  const [, encoding = "", text = ""] = /^=\?utf-8\?([bq])\?([!->@-~]*)\?=$/.exec(word) ?? [];
  const bytes =
    encoding === "b"
      ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
      : Uint8Array.from(
          text
            .replaceAll("_", " ")
            .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          (letter) => letter.charCodeAt(0),
        );
  expect(encoding).not.toBe("");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

describe("encoded-words", () => {
  it("are each whole characters, at most 75 long, and the text when joined", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 30, max: 75 }), (text, room) => {
        const words = encodeWords(text, room, 75);
        expect(words.map(decodeWord).join("")).toBe(text.toWellFormed());
        for (const [index, word] of words.entries()) expect(word.length).toBeLessThanOrEqual(index === 0 ? room : 75);
      }),
      { numRuns: 1000, seed: 2047 },
    );
  });

  it("take the shorter of the two encodings", () => {
    expect(encodeWords("Viele Grüße aus Bonn")).toEqual(["=?utf-8?q?Viele_Gr=C3=BC=C3=9Fe_aus_Bonn?="]);
    expect(encodeWords("会議")).toEqual(["=?utf-8?b?5Lya6K2w?="]);
  });

  it("write a lone surrogate as the replacement character", () => {
    expect(encodeWords("\ud800").map(decodeWord)).toEqual(["\ufffd"]);
  });
});

describe("folding", () => {
  it("breaks between tokens, at 76 characters, and nowhere else", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[!-~]{1,90}$/), { maxLength: 40 }), (tokens) => {
        const value = foldTokens("Subject", tokens);
        expect(value.replaceAll("\r\n", "").trimStart()).toBe(tokens.join(" "));
        for (const line of `Subject: ${value}`.split("\r\n")) {
          if (line.length > 76) expect(line).toMatch(/^ [^ ]+$/);
        }
      }),
      { seed: 5322 },
    );
  });

  it("leaves ASCII readable", () => {
    expect(formatText("Subject", "Your invoice 17")).toBe("Your invoice 17");
    expect(formatText("Subject", "word ".repeat(20).trim())).toBe(
      `${"word ".repeat(13).trim()}\r\n ${"word ".repeat(7).trim()}`,
    );
  });
});
