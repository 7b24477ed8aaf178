import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { screenName } from "./file-name.ts";
import { screenMessage } from "./message.ts";
import { bytes, codesOf, wordsVerdict } from "./screened.test-support.ts";
import { zipOf } from "./zip.test-support.ts";

describe("whatever comes", () => {
  it("is judged and never throws", async () => {
    const file = fc.record({ name: fc.string(), content: fc.uint8Array(), deflated: fc.boolean() });
    const damaged = fc
      .tuple(fc.array(file, { maxLength: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(255))))
      .map(([files, hits]) => {
        const zip = zipOf(files);
        for (const [at, byte] of hits) zip[at % zip.length] = byte;
        return zip;
      });
    const names = fc.constantFrom("a.zip", "a.eml", "a.bin");
    await fc.assert(
      fc.asyncProperty(names, fc.oneof(damaged, fc.uint8Array({ maxLength: 500 })), async (name, content) => {
        await codesOf(name, content);
        await screenMessage(content);
        await screenMessage(letterWith(name, content));
      }),
      { numRuns: 300 },
    );
  });

  it("words, names and addresses never throw", () => {
    const html = fc
      .array(
        fc.constantFrom("<a href=", "http://", "[", "x.com", '"', ">", "</a>", "<input type=password", "&", "@", "%"),
      )
      .map((all) => all.join(""));
    const from = fc.record({ name: fc.string({ unit: "binary" }), email: fc.string() });
    fc.assert(
      fc.property(from, html, fc.string({ unit: "binary" }), (who, markup, text) => {
        wordsVerdict({ from: who, html: markup, text });
        screenName(text);
      }),
    );
  });

  it.each<[string, string, () => Uint8Array]>([
    [
      "a zip of 200,000 empty files",
      "a.zip",
      () => zipOf(Array.from({ length: 200_000 }, (_, n) => ({ name: `${n}`, content: bytes("") }))),
    ],
    [
      "a zip of 50,000 deflated files",
      "a.zip",
      () =>
        zipOf(
          Array.from({ length: 50_000 }, (_, n) => ({ name: `${n}.txt`, content: bytes("Hello"), deflated: true })),
        ),
    ],
    ["25 MB of noise", "a.zip", () => randomBytes(25_000_000)],
    ["25 MB of end records", "a.zip", () => bytes("PK\x05\x06".repeat(6_250_000))],
    ["25 MB of blanks as a message", "a.eml", () => bytes(" ".repeat(25_000_000))],
  ])("%s takes linear time", async (_what, name, make) => {
    const content = make();
    const start = performance.now();
    await codesOf(name, content);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each(["<a href=http://a.com>b.com", "<a href=", "<", " ", "@", "a.", "<input type=", "&#", "http://"])(
    "2 MB of %j take linear time",
    (piece) => {
      const text = piece.repeat(2_000_000 / piece.length);
      const start = performance.now();
      wordsVerdict({ html: text, text, from: { name: text, email: "a@b.example" } });
      screenName(text);
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );
});

/** The name is in it as it is. */
function letterWith(filename: string, content: Uint8Array): Uint8Array {
  return bytes(
    [
      "From: a@far.example",
      "MIME-Version: 1.0",
      "Content-Type: application/octet-stream",
      `Content-Disposition: attachment; filename="${filename}"`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(content).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
    ].join("\r\n"),
  );
}
