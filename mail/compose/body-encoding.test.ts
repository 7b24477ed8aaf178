import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64 } from "./base64.ts";
import { encodeReadable, encodeText } from "./body-encoding.ts";
import { quotedPrintable } from "./quoted-printable.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (octets: Uint8Array) => Array.from(octets, (octet) => String.fromCharCode(octet)).join("");

/** RFC 2045 §6.7, by the book. */
function decodeQuotedPrintable(encoded: string): Uint8Array {
  const plain = encoded
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

describe("text", () => {
  it.each([
    ["plain ASCII", "Hello\n\tBob\n", "7bit"],
    ["nothing", "", "7bit"],
    ["lines of 78", `${"x".repeat(78)}\n`, "7bit"],
    ["lines of 79", `${"x".repeat(79)}\n`, "quoted-printable"],
    ["a line that mbox would mark", "Hello\nFrom me", "quoted-printable"],
    ["a line that begins with a dot", ".", "quoted-printable"],
    ["space at a line's end", "Hello \nBob", "quoted-printable"],
    ["a NUL", "a\0b and more text here", "quoted-printable"],
    ["some accents", "Grüße aus Köln, bis später und alles Gute", "quoted-printable"],
    ["mostly other letters", "会議の議事録", "base64"],
  ])("with %s travels fittingly", (_what, body, encoding) => {
    expect(encodeText(body).encoding).toBe(encoding);
  });

  it("ends its lines in CRLF however they ended", () => {
    expect(text(encodeText("a\nb\r\nc\rd\n\ne").bytes)).toBe("a\r\nb\r\nc\r\nd\r\n\r\ne");
  });
});

describe("quoted-printable", () => {
  it("decodes to the same octets, in lines of at most 76 that nothing on the way touches", () => {
    const piece = fc.oneof(
      fc.constantFrom("\r\n", " ", "\t", ".", "From ", "=", "ü", "😀", "x".repeat(74), "\r", "\n", "\0"),
      fc.string({ unit: "binary", maxLength: 90 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const octets = bytes(pieces.join(""));
        const encoded = text(quotedPrintable(octets));
        expect(decodeQuotedPrintable(encoded)).toEqual(octets);
        for (const line of encoded.split("\r\n")) {
          expect(line).toMatch(/^[\t -~]{0,76}$/);
          expect(line).not.toMatch(/[ \t]$|^\.|^From /);
        }
      }),
      { numRuns: 1000, seed: 2045 },
    );
  });

  it("never runs past the room it reserved", () => {
    for (const octets of [
      bytes(".\r\n".repeat(99)),
      new Uint8Array(999),
      bytes(" \r\n".repeat(99)),
      bytes(".".repeat(9999)),
    ]) {
      expect(decodeQuotedPrintable(text(quotedPrintable(octets)))).toEqual(octets);
    }
  });
});

describe("base64", () => {
  it("is what btoa gives, in lines of 76", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
        const lines = text(base64(octets)).split("\r\n");
        expect(lines.join("")).toBe(btoa(text(octets)));
        expect(lines.slice(0, -1).every((line) => line.length === 76)).toBe(true);
        expect(lines.at(-1)?.length).toBeLessThanOrEqual(76);
      }),
      { seed: 2045 },
    );
  });
});

describe("what should be ASCII", () => {
  it("goes as it is when it is, and stays readable when it is not", () => {
    expect(encodeReadable(bytes(`Subject: ${"x".repeat(500)}\r\n`)).encoding).toBe("7bit");
    expect(text(encodeReadable(bytes("Subject: ü\r\n")).bytes)).toBe("Subject: =C3=BC\r\n");
    expect(encodeReadable(bytes(`Subject: ${"x".repeat(1000)}\r\n`)).encoding).toBe("quoted-printable");
  });
});
