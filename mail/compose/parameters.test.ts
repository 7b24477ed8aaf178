import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatParameters } from "./parameters.ts";

const disposition = (filename: string) =>
  formatParameters("Content-Disposition", "attachment", [["filename", filename]]);

/** RFC 2231 §3 and §4, by the book. */
function decode(value: string): string {
  const segments = value.replaceAll("\r\n", "").split("; ").slice(1);
  const encoded = segments.map((segment, index) => {
    const [, number, text = ""] = /^filename(?:\*(\d+))?\*=(.*)$/.exec(segment) ?? [];
    if (segments.length > 1) expect(number).toBe(String(index));
    return text;
  });
  return decodeURIComponent(encoded.join("").replace(/^utf-8''/, ""));
}

describe("a parameter", () => {
  it.each([
    ["a.pdf", 'attachment; filename="a.pdf"'],
    ["a b, c;d.pdf", 'attachment; filename="a b, c;d.pdf"'],
    ['a"b.pdf', "attachment; filename*=utf-8''a%22b.pdf"],
    ["a\\b.pdf", "attachment; filename*=utf-8''a%5Cb.pdf"],
    ["ü'*%.pdf", "attachment; filename*=utf-8''%C3%BC%27%2A%25.pdf"],
    ["a\r\nb\0.pdf", 'attachment; filename="a b .pdf"'],
  ])("of %j is %j", (filename, written) => {
    expect(disposition(filename)).toBe(written);
  });

  it("of any text comes back from lines of at most 76", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (name) => {
        const filename = `"${name.replace(/[\p{Cc}\u2028\u2029]/gu, "")}`;
        const value = disposition(filename);
        expect(decode(value)).toBe(filename);
        for (const line of `Content-Disposition: ${value}`.split("\r\n")) expect(line).toMatch(/^[ -~]{1,76}$/);
      }),
      { seed: 2231 },
    );
  });
});
