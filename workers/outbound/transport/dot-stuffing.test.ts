import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DotStuffer, stuffedPieces, surveyMessage, WIRE_CHUNK_BYTES } from "./dot-stuffing.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Bytes as text, a character each. */
const latin1 = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

function stuffed(pieces: Uint8Array[]): string {
  const stuffer = new DotStuffer();
  const out = pieces.map((piece) => latin1(stuffer.stuff(piece)));
  return out.join("") + latin1(stuffer.end());
}

/** What a server does that follows RFC 5321 §4.5.2: null when the end comes early or not at all. */
function unstuffed(wire: string): string | null {
  const end = `\r\n${wire}`.indexOf("\r\n.\r\n");
  if (end !== wire.length - 3) return null;
  return `\r\n${wire.slice(0, -3)}`.replace(/\r\n\./g, "\r\n").slice(2);
}

/** Short strings that are rich in what matters. */
const anyText = fc
  .array(fc.constantFrom(".", "..", "\r", "\n", "\r\n", "a", "é", "QUIT"), { maxLength: 40 })
  .map((parts) => parts.join(""));
const crlfText = fc
  .array(fc.constantFrom(".", "..", "\r\n", "a", "é"), { maxLength: 40 })
  .map((parts) => `${parts.join("")}\r\n`);

describe("dot-stuffing", () => {
  it("doubles a dot at the beginning of the message and of a line, and nowhere else", () => {
    expect(stuffed([bytesOf(".a\r\n..\r\nb.c\r\n.\r\n")])).toBe("..a\r\n...\r\nb.c\r\n..\r\n.\r\n");
  });

  it("gives back a message with CRLF line ends when the dots are taken out again", () => {
    fc.assert(
      fc.property(crlfText, (text) => {
        expect(unstuffed(stuffed([bytesOf(text)]))).toBe(latin1(bytesOf(text)));
      }),
    );
  });

  it("does not depend on how the message is cut into pieces", () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(60), { maxLength: 10 }), (text, cuts) => {
        const raw = bytesOf(text);
        const places = [0, ...cuts.filter((cut) => cut < raw.length).sort((a, b) => a - b), raw.length];
        const pieces = places.slice(1).map((to, index) => raw.subarray(places[index], to));
        expect(stuffed(pieces)).toBe(stuffed([raw]));
      }),
    );
  });

  it("never ends the message before its end, for any server's idea of a line", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const wire = stuffed([bytesOf(text)]);
        const early = /(?:\r\n|\r|\n)\.(?:\r\n|\r|\n)/.exec(`\r\n${wire}`);
        // The first end that a lenient server finds is the last three octets.
        expect(early?.index).toBe(wire.length - 3);
      }),
    );
  });

  it("sends no CR or LF outside of CRLF", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(stuffed([bytesOf(text)]).replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it("turns a bare LF into CRLF and a bare CR into a space", () => {
    expect(stuffed([bytesOf("a\n.\nb\r.\rc\r\r\n")])).toBe("a\r\n..\r\nb . c \r\n.\r\n");
  });

  it.each([
    ["", ".\r\n"],
    ["a", "a\r\n.\r\n"],
    ["a\r", "a \r\n.\r\n"],
    ["a\n", "a\r\n.\r\n"],
    [".", "..\r\n.\r\n"],
  ])("ends %j with %j", (message, wire) => {
    expect(stuffed([bytesOf(message)])).toBe(wire);
  });

  it("cuts a large message into pieces of bounded size", () => {
    const raw = new Uint8Array(3 * WIRE_CHUNK_BYTES + 1).fill(0x2e);
    const pieces = [...stuffedPieces(raw, new DotStuffer())];
    expect(pieces.map((piece) => piece.length)).toEqual([WIRE_CHUNK_BYTES + 1, WIRE_CHUNK_BYTES, WIRE_CHUNK_BYTES, 1]);
  });

  it("stuffs 25 MiB of the worst case in linear time", () => {
    const raw = new Uint8Array(25 * 1024 * 1024).fill(0x0a);
    const stuffer = new DotStuffer();
    let length = 0;
    for (const piece of stuffedPieces(raw, stuffer)) length += piece.length;
    expect(length).toBe(2 * raw.length);
  });
});

describe("the survey of a message", () => {
  it("counts the octets that go over the wire without the dots that are added", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const wire = unstuffed(stuffed([bytesOf(text)]));
        expect(surveyMessage(bytesOf(text)).size).toBe(wire?.length);
      }),
    );
  });

  it("sees 8-bit octets", () => {
    expect(surveyMessage(bytesOf("plain\r\n")).eightBit).toBe(false);
    expect(surveyMessage(bytesOf("naïve\r\n")).eightBit).toBe(true);
  });
});
