import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { stuffed } from "../testing/smtp-dialogue.ts";
import { DotReader } from "./dot-reader.ts";

/** Feeds the wire in pieces; content and what is behind as text. */
function read(wire: string, cuts: number[] = []): { content: string; behind: string | undefined } {
  const reader = new DotReader();
  const bytes = Buffer.from(wire, "latin1");
  const parts: Buffer[] = [];
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    const piece = bytes.subarray(at, at + cut);
    at += piece.length;
    const { content, behind } = reader.take(piece);
    parts.push(Buffer.from(content));
    if (behind !== undefined) {
      return {
        content: Buffer.concat(parts).toString("latin1"),
        behind: Buffer.concat([behind, bytes.subarray(at)]).toString("latin1"),
      };
    }
  }
  return { content: Buffer.concat(parts).toString("latin1"), behind: undefined };
}

it.each([
  ["a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n"],
  [".\r\n", "", ""],
  ["\r\n.\r\n", "\r\n", ""],
  ["..\r\n.\r\n", ".\r\n", ""],
  ["..\r\n..\r\n...\r\n.\r\n", ".\r\n.\r\n..\r\n", ""],
  ["\n..a\r\n.\r\n", "\n.a\r\n", ""],
  ["a\n..b\r\n.\r\n", "a\n.b\r\n", ""],
  ["a\r\n.b\r\n.\r\n", "a\r\n.b\r\n", ""],
  [".a\r\n.\r\n", ".a\r\n", ""],
  ["a..b\r..c\r\n.\r\n", "a..b\r..c\r\n", ""],
  ["a\r\n..\r\n.\r\n.\r\n", "a\r\n.\r\n", ".\r\n"],
])("%j is %j", (wire, content, behind) => {
  for (let cut = 0; cut <= wire.length; cut++) expect(read(wire, [cut])).toEqual({ content, behind });
  expect(
    read(
      wire,
      Array.from(wire, () => 1),
    ),
  ).toEqual({ content, behind });
});

it.each([
  "a\n.\nb",
  "a\r\n.\nb",
  "a\n.\r\nb",
  "a\r.\rb",
  "a\r\n.\rb",
  "a\r.\r\nb",
  "\n.\r\n",
  "a\r\n.\0\r\n",
  "a\r\n\0.\r\n",
])("%j neither ends a message nor changes", (wire) => {
  const whole = `${wire}end\r\n.\r\n`;
  for (let cut = 0; cut <= whole.length; cut++) {
    expect(read(whole, [cut])).toEqual({ content: `${wire}end\r\n`, behind: "" });
  }
});

it("what a sender doubled is what it meant, wherever the network cuts", () => {
  const text = fc.array(fc.constantFrom("\r\n", "\n", "\r", ".", "..", "\r\n.", "x", "\0", "\xff"), { maxLength: 40 });
  const cuts = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 });
  fc.assert(
    fc.property(text, cuts, (parts, pieces) => {
      const message = `${parts.join("")}\r\n`;
      const wire = `${stuffed(Buffer.from(message, "latin1")).toString("latin1")}.\r\nNOOP\r\n`;
      expect(read(wire, pieces)).toEqual({ content: message, behind: "NOOP\r\n" });
    }),
    { numRuns: 5_000 },
  );
});

/** How many bytes are looked at or copied while this runs. Counted, not timed: a busy machine is no slower by it. */
function workOf(run: () => void): number {
  let work = 0;
  const { indexOf, copy } = Buffer.prototype;
  const { concat } = Buffer;
  const spies = [
    vi.spyOn(Buffer.prototype, "indexOf").mockImplementation(function (this: Buffer, value, from) {
      const found = indexOf.call(this, value, from);
      work += (found === -1 ? this.length : found) - Number(from);
      return found;
    }),
    vi.spyOn(Buffer.prototype, "copy").mockImplementation(function (this: Buffer, ...target) {
      const copied = copy.apply(this, target);
      work += copied;
      return copied;
    }),
    vi.spyOn(Buffer, "concat").mockImplementation((...pieces) => {
      const joined = concat(...pieces);
      work += joined.length;
      return joined;
    }),
  ];
  run();
  for (const spy of spies) spy.mockRestore();
  return work;
}

it.each([65_536, 65_537, 1_000_000])("each byte of doubled dots is touched a few times, in pieces of %i", (piece) => {
  const bytes = Buffer.from(`${"..\r\n".repeat(250_000)}.\r\n`);
  const reader = new DotReader();
  let size = 0;
  const work = workOf(() => {
    for (let at = 0; at < bytes.length; at += piece) size += reader.take(bytes.subarray(at, at + piece)).content.length;
  });
  expect(size).toBe(250_000 * 3);
  // Sought and copied; less would mean that this counts the wrong thing.
  expect(work).toBeGreaterThan(bytes.length);
  expect(work).toBeLessThan(bytes.length * 3);
});
