import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DotStuffer } from "../../workers/outbound/transport/dot-stuffing.ts";
import { canonicalBody } from "./canonical-body.ts";
import { canonicalField, readHeader } from "./canonical-header.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const relaxed = (body: string) => textOf(canonicalBody(bytesOf(body)));

/** RFC 6376 §3.4.4 as its words are, slow and on strings. */
const bodyByTheBook = (body: string) =>
  body
    .replaceAll(/\r\n|\n/g, "\0")
    .replaceAll(/\r/g, " ")
    .replaceAll(/[ \t]+\0/g, "\0")
    .replaceAll(/[ \t]+$/g, "")
    .replaceAll(/[ \t]+/g, " ")
    .replaceAll(/\0+$/g, "")
    .replace(/(?<=.)$/s, "\0")
    .replaceAll("\0", "\r\n");

/** What mail is made of where canonicalisation looks. */
const pieces = fc.array(fc.constantFrom("\r\n", "\n", "\r", " ", "\t", "a", ".", "\xff", "bc", ":"), { maxLength: 40 });
const texts = pieces.map((all) => all.join(""));

describe("the body", () => {
  it("of RFC 6376 §3.4.5 is as it says", () => {
    expect(relaxed(" C \r\nD \t E\r\n\r\n\r\n")).toBe(" C\r\nD E\r\n");
  });

  it.each(["", "\r\n", "\r\n\r\n", " \t\r\n\r\n"])("that is empty is nothing: %j", (body) => {
    expect(relaxed(body)).toBe("");
  });

  it("is as the book says, whatever it holds", () => {
    fc.assert(
      fc.property(texts, (body) => {
        expect(relaxed(body)).toBe(bodyByTheBook(body));
      }),
      { numRuns: 3000 },
    );
  });

  it("is the same for what is stored and for what goes over the wire", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const body = text.replaceAll(".", ",");
        const stuffer = new DotStuffer();
        const wire = textOf(stuffer.stuff(bytesOf(body))) + textOf(stuffer.end()).replace(/\.\r\n$/, "");
        expect(relaxed(wire)).toBe(relaxed(body));
      }),
      { numRuns: 2000 },
    );
  });

  it("that is canonical as it stands is not copied", () => {
    const body = bytesOf(`${"QUJD\r\n".repeat(1000)}\r\n\r\n`);
    const canonical = canonicalBody(body);
    expect(canonical.buffer).toBe(body.buffer);
    expect(canonical.length).toBe(6000);
  });

  it("of 25 MB of blanks, or of line ends, is read in one pass", () => {
    for (const piece of [" ", "\n", "\r\n", " \r\n", "a \t"]) {
      const body = new Uint8Array(Buffer.alloc(25_000_000, piece));
      const start = performance.now();
      canonicalBody(body);
      expect(performance.now() - start).toBeLessThan(5_000);
    }
  });
});

const fieldsOf = (text: string) => readHeader(bytesOf(text)).fields.map((field) => textOf(canonicalField(field)));

describe("the header", () => {
  it("of RFC 6376 §3.4.5 is as it says", () => {
    expect(fieldsOf("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\n")).toEqual(["a:X", "b:Y Z"]);
  });

  it("is the same for what is stored and for what goes over the wire", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const header = `From: a\r\n${text}`.replaceAll(".", ",");
        const stuffer = new DotStuffer();
        const wire = textOf(stuffer.stuff(bytesOf(header))) + textOf(stuffer.end()).replace(/\.\r\n$/, "");
        const named = (raw: string) => fieldsOf(raw).filter((field) => /^[!-~]+:/.test(field));
        expect(named(wire)).toEqual(named(header));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["\xa0From: a\r\n", "From\xa0: a\r\n", " From: a\r\n"])("has no From in %j", (header) => {
    expect(readHeader(bytesOf(header)).fields.map(({ name }) => name)).not.toContain("from");
  });

  it("is the same however it is folded", () => {
    const blanks = fc.constantFrom(" ", "\t", "  ", "\r\n ", "\r\n\t", " \r\n \t");
    fc.assert(
      fc.property(fc.array(blanks, { minLength: 3, maxLength: 3 }), ([a = "", b = "", c = ""]) => {
        expect(fieldsOf(`Subject:${a}one${b}two${c}three\r\n`)).toEqual(["subject:one two three"]);
      }),
    );
  });
});
