import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Base64Layout } from "../../contract/split-manifest.ts";
import { concatBytes } from "../compose/bytes.ts";
import { decodeBody } from "../parse/transfer-encoding.ts";
import { type Chunks, describeBase64, encodeBase64, encodedSize } from "./base64-layout.ts";

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** By another way than the product's. */
function written(content: Uint8Array, { line, line_end, is_padded }: Base64Layout): Uint8Array {
  const text = Buffer.from(content).toString("base64");
  const digits = is_padded ? text : text.replaceAll("=", "");
  const rows = digits.match(new RegExp(`.{1,${line}}`, "g")) ?? [];
  return latin1(rows.join(line_end === "crlf" ? "\r\n" : "\n"));
}

async function encodedPieces(content: Chunks, layout: Base64Layout): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeBase64(content, layout)) pieces.push(piece);
  return pieces;
}

const encoded = async (content: Chunks, layout: Base64Layout) => concatBytes(await encodedPieces(content, layout));

const layouts: fc.Arbitrary<Base64Layout> = fc.record({
  line: fc.oneof(fc.constantFrom(60, 64, 72, 76), fc.integer({ min: 1, max: 120 })),
  line_end: fc.constantFrom("crlf", "lf"),
  is_padded: fc.boolean(),
});
const contents = fc.uint8Array({ minLength: 1, maxLength: 500 });

describe("base64 of any regular layout", () => {
  it("is described, and made again of its content, however that comes in pieces", async () => {
    await fc.assert(
      fc.asyncProperty(contents, layouts, fc.array(fc.nat(500), { maxLength: 5 }), async (content, layout, cuts) => {
        const body = written(content, layout);
        const run = describeBase64(body);
        expect([run?.from, run?.to]).toEqual([0, body.length]);
        expect(decodeBody(body, "base64")).toEqual(content);
        if (run === null) return;
        const at = [0, ...cuts.sort((a, b) => a - b), content.length];
        const pieces = at.slice(1).map((end, n) => content.subarray(at[n], end));
        expect(await encoded(pieces, run.layout)).toEqual(body);
        expect(encodedSize(content.length, run.layout)).toBe(body.length);
      }),
      { numRuns: 500 },
    );
  });

  it("is described without the white space around it", async () => {
    const space = fc.array(fc.constantFrom("\r\n", "\n", " ", "\t"), { maxLength: 5 }).map((all) => all.join(""));
    await fc.assert(
      fc.asyncProperty(contents, layouts, space, space, async (content, layout, before, after) => {
        const core = written(content, layout);
        const run = describeBase64(concatBytes([latin1(before), core, latin1(after)]));
        expect([run?.from, run?.to]).toEqual([before.length, before.length + core.length]);
        if (run) expect(await encoded([content], run.layout)).toEqual(core);
      }),
    );
  });

  it("of some megabytes is encoded in pieces", async () => {
    const content = new Uint8Array(3_000_001).map((_, n) => (n * 31) % 256);
    const layout: Base64Layout = { line: 76, line_end: "crlf", is_padded: true };
    const pieces = await encodedPieces([content], layout);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
    expect(Buffer.compare(concatBytes(pieces), written(content, layout))).toBe(0);
  });
});

it("whatever is done to it, what is described is made again", async () => {
  const changes = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.constantFrom("", "A", "=", "\n", "\r\n", "!", " ", "\r"),
    }),
    { maxLength: 3 },
  );
  let described = 0;
  await fc.assert(
    fc.asyncProperty(contents, layouts, changes, async (content, layout, all) => {
      let text = Buffer.from(written(content, layout)).toString("latin1");
      for (const { at, text: put } of all) {
        const n = Math.floor(at * text.length);
        text = text.slice(0, n) + put + text.slice(n + (put === "" ? 1 : 0));
      }
      const body = latin1(text);
      const run = describeBase64(body);
      if (run === null) return;
      described++;
      const again = await encoded([decodeBody(body.subarray(run.from, run.to), "base64")], run.layout);
      expect(again).toEqual(body.subarray(run.from, run.to));
    }),
    { numRuns: 2000 },
  );
  expect(described).toBeGreaterThan(500);
});

describe("base64 that cannot be made again is not described", () => {
  it.each([
    ["nothing", ""],
    ["white space", "\r\n \r\n"],
    ["a line that is shorter than those around it", "QUJD\nQUI=\nQUJD\n"],
    ["a line that is longer", "QUJD\nQUJDREVG\nQUJD"],
    ["line ends of two kinds", "QUJD\r\nQUJD\nQUJD"],
    ["an empty line between", "QUJD\n\nQUJD"],
    ["a space at the end of a line", "QUJD \nQUJD \nQUJD"],
    ["a character of no meaning", "QUJD\nQU!D\nQUJD"],
    ["the other alphabet (RFC 4648 §5)", "QU-_"],
    ["padding inside", "QQ==QUJD"],
    ["too little padding", "QQ="],
    ["too much padding", "QUJD="],
    ["padding alone", "===="],
    ["a digit too many", "QUJDQ"],
    ["bits that no byte takes", "QR=="],
    ["a carriage return alone", "QUJD\rQUJD"],
    ["a kilobyte of white space around it", `${" ".repeat(500)}QUJD${"\n".repeat(501)}`],
    ["a footer that a list has added", "QUJD\nQUJD\n____\nlist mailing list\n"],
  ])("%s", (_what, body) => {
    expect(describeBase64(latin1(body))).toBeNull();
  });
});
