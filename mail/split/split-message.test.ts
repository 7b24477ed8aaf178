import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packSkeleton, unpackSkeleton } from "../../contract/split-manifest.ts";
import { concatBytes } from "../compose/bytes.ts";
import { readAttachment } from "../parse/parse-message.ts";
import { joinWhole } from "./join-message.ts";
import { asOnePart, prefixed, type Split, type SplitLimits, splitMessage } from "./split-message.ts";

const EVERYTHING: SplitLimits = { min_content: 1, max_parts: 20, max_skeleton: Infinity };
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** As it is stored and read again. */
const joined = (split: Split): Promise<Uint8Array> =>
  joinWhole(unpackSkeleton(packSkeleton(split)), ({ sha256 }) => [split.contents.get(sha256) ?? latin1("")]);

/** Splits, joins, and compares; and what is said to be an attachment's content is what a reader is given of it. */
async function proved(bytes: Uint8Array<ArrayBuffer>, limits = EVERYTHING): Promise<Split | null> {
  const split = await splitMessage(bytes, limits);
  if (split === null) return null;
  expect(Buffer.compare(await joined(split), bytes)).toBe(0);
  for (const { attachment, sha256 } of split.manifest.parts) {
    if (attachment === null) continue;
    const content = (await readAttachment(bytes, attachment))?.content ?? latin1("none");
    expect(Buffer.compare(content, split.contents.get(sha256) ?? latin1(""))).toBe(0);
  }
  return split;
}

const base64 = (text: string) =>
  (
    Buffer.from(text, "latin1")
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\r\n");
const part = (encoding: string, body: string, type = "application/octet-stream") =>
  `--cut\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;
const multipart = (...parts: string[]) =>
  latin1(
    `Subject: x\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\n\r\nSee attached.\r\n${parts.join("")}--cut--\r\n`,
  );
const text = (split: Split | null, n: number) =>
  Buffer.from(split?.contents.get(split.manifest.parts[n]?.sha256 ?? "") ?? []).toString("latin1");

describe("what is taken out", () => {
  it("is decoded where it is regular base64, and stands as it was where it is not", async () => {
    const parts = [
      part("base64", base64("first file")),
      part("base64", "QUJD\r\nQUI=\r\nQUJD"),
      part("quoted-printable", "=41=\r\nB"),
      part("8bit", "\xff\r\n\xfe"),
      part("7bit", `Content-Type: image/png\r\n\r\n${base64("inner")}`, "message/rfc822"),
      part("x-uuencode", "begin 644 a\r\n#86)C\r\n`\r\nend"),
    ];
    const split = await proved(multipart(...parts));
    expect(split?.manifest.parts.map(({ attachment, base64: layout }) => [attachment, layout?.line ?? null])).toEqual([
      [0, 16],
      [null, null],
      [null, null],
      [3, null],
      [4, null],
      [5, null],
    ]);
    expect([text(split, 0), text(split, 1), text(split, 3)]).toEqual([
      "first file",
      "QUJD\r\nQUI=\r\nQUJD",
      "\xff\r\n\xfe",
    ]);
    expect(Buffer.from(split?.skeleton ?? []).toString("latin1")).toContain("See attached.");
  });

  it("is the same for one file that two mailers have wrapped in two ways", async () => {
    const file = "the same file ".repeat(100);
    const digits = Buffer.from(file).toString("base64");
    const [one, two] = [
      await proved(multipart(part("base64", base64(file)))),
      await proved(multipart(part("base64", digits))),
    ];
    expect(one?.manifest.parts[0]?.sha256).toBe(two?.manifest.parts[0]?.sha256);
  });

  it("is stored once when the message has it twice", async () => {
    const split = await proved(multipart(part("base64", base64("twice")), part("base64", base64("twice"))));
    expect([split?.manifest.parts.length, split?.contents.size]).toEqual([2, 1]);
  });

  it("is the largest, where there are many", async () => {
    const sizes = Array.from({ length: 30 }, (_, n) => 100 + ((n * 7) % 30));
    const split = await proved(multipart(...sizes.map((size) => part("base64", base64("x".repeat(size))))));
    const taken = split?.manifest.parts.map(({ size }) => size) ?? [];
    expect(taken.sort()).toEqual(sizes.sort().slice(-20));
  });

  it("is the whole body of a message that is nothing but a file", async () => {
    const split = await proved(
      latin1(`Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64("png")}\r\n`),
    );
    expect(text(split, 0)).toBe("png");
  });

  it("is nothing of a text, of what is small, or where too much would be left", async () => {
    const letter = multipart(part("base64", base64("x".repeat(1000))));
    expect(await splitMessage(latin1("Subject: x\r\n\r\nhello"), EVERYTHING)).toBeNull();
    expect(await splitMessage(letter, { ...EVERYTHING, min_content: 2000 })).toBeNull();
    expect(await splitMessage(letter, { ...EVERYTHING, max_skeleton: 100 })).toBeNull();
    expect(await splitMessage(new Uint8Array(), EVERYTHING)).toBeNull();
  });
});

it("a field in front of a split message is a field in front of the message", async () => {
  const bytes = multipart(part("base64", base64("file")), part("8bit", "more"));
  const split = await splitMessage(bytes, EVERYTHING);
  const head = latin1("Received: by us\r\n");
  expect(split && (await joined(prefixed(split, head)))).toEqual(concatBytes([head, bytes]));
  const whole = await asOnePart(bytes);
  expect([whole.skeleton.length, await joined(whole)]).toEqual([0, bytes]);
  expect(await joined(prefixed(whole, head))).toEqual(concatBytes([head, bytes]));
});

/** Pieces of MIME in any order: headers without bodies, boundaries without ends, ends without beginnings. */
const scraps = fc.constantFrom(
  ..."--a|--a--|--b|--b--|-- a|--aa".split("|").flatMap((line) => [`${line}\r\n`, `${line}\n`, line]),
  ...["a", "b"].flatMap((name) => [
    `Content-Type: multipart/mixed; boundary=${name}\r\n`,
    `Content-Type: multipart/digest; boundary="${name}"\n`,
  ]),
  "Content-Type: message/rfc822\r\n",
  "Content-Type: image/png\r\n",
  "Content-Type: text/plain\nContent-Disposition: attachment\n",
  "Content-Transfer-Encoding: base64\r\n",
  "Content-Transfer-Encoding: quoted-printable\n",
  "From nobody Tue Nov 24 2026\n",
  "\r\n\r\n",
  "\r\n",
  "\n",
  "\r",
  `${base64("some bytes that fill more than one line of base64 in this message, as they do")}\r\n`,
  "QUJD\r\nQUJD\r\n",
  "QUJD\nQUI=\n",
  "QUJD\nQR==",
  "=",
  "\xff\0",
);

it("any heap of MIME is given back, whatever is taken out of it", async () => {
  let splits = 0;
  const heap = fc.array(scraps, { maxLength: 40 }).map((all) => all.join(""));
  const opening = fc.constantFrom(
    "",
    "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n",
    "Content-Type: image/png\r\n",
  );
  await fc.assert(
    fc.asyncProperty(opening, heap, async (first, rest) => {
      if (await proved(latin1(first + rest))) splits++;
    }),
    { numRuns: 3000 },
  );
  expect(splits).toBeGreaterThan(500);
});

it("a message that is cut off anywhere is given back", async () => {
  const whole = multipart(
    part("base64", base64("first file")),
    part("8bit", "\xff\n"),
    part("base64", base64("x".repeat(200))),
  );
  for (let end = 0; end <= whole.length; end++) await proved(whole.slice(0, end));
});

describe("what was damaged since", () => {
  const letter = multipart(part("base64", base64("some file")));
  const splitLetter = async () => (await splitMessage(letter, EVERYTHING)) ?? expect.fail("not split");

  it("is an error and not other bytes", async () => {
    const split = await splitLetter();
    const short = joinWhole(split, () => [latin1("some")]);
    await expect(short).rejects.toThrow("4 bytes, not 9");
    const wrong = { ...split, manifest: { ...split.manifest, size: 9999 } };
    await expect(joined(wrong)).rejects.toThrow("9999 were split");
  });

  it("is no manifest", async () => {
    const { manifest, skeleton } = await splitLetter();
    const [first] = manifest.parts;
    if (first === undefined) return expect.fail("no part");
    const packed = (change: object) => packSkeleton({ manifest: { ...manifest, ...change }, skeleton });
    for (const change of [
      { version: 2 },
      { parts: [] },
      { parts: Array(21).fill(first) },
      { parts: [{ ...first, sha256: "../x" }] },
      { parts: [{ ...first, at: skeleton.length + 1 }] },
      {
        parts: [
          { ...first, at: 9 },
          { ...first, at: 8 },
        ],
      },
      { parts: [{ ...first, base64: { line: 0, line_end: "lf", is_padded: true } }] },
      { size: -1 },
    ]) {
      expect(() => unpackSkeleton(packed(change))).toThrow();
    }
    for (const object of ["", "{}", "{}\n", "null\n", "not JSON\n", "x".repeat(100_000)]) {
      expect(() => unpackSkeleton(latin1(object))).toThrow();
    }
  });

  it("does not depend on how long a manifest may get", async () => {
    const bodies = Array.from({ length: 20 }, (_, n) => part("base64", base64(`${n}`.repeat(100_000))));
    const split = (await proved(multipart(...bodies))) ?? expect.fail("not split");
    expect(JSON.stringify(split.manifest).length).toBeLessThan(8 * 1024);
  });
});
