import { describe, expect, it } from "vitest";
import { OpenBoundaries } from "./open-boundaries.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function boundariesOf(...open: string[]) {
  const boundaries = new OpenBoundaries();
  for (const [depth, boundary] of open.entries()) boundaries.open(boundary, depth);
  const match = (line: string) => boundaries.match(bytesOf(line), 2, line.length);
  return { boundaries, match };
}

describe("open boundaries", () => {
  it.each([
    ["--a", { at: 0, isClosing: false }],
    ["--a \t\r", { at: 0, isClosing: false }],
    ["--a--", { at: 0, isClosing: true }],
    ["--a-- \r", { at: 0, isClosing: true }],
    ["--ab", null],
    ["--", null],
    ["----", null],
    ["--a-", null],
    ["--\xe4=_", { at: 1, isClosing: false }],
  ])("know %j", (line, expected) => {
    expect(boundariesOf("a", "\xe4=_").match(line)).toEqual(expected);
  });

  it("that are open twice mean the innermost, and the outer one when that is closed", () => {
    const { boundaries, match } = boundariesOf("a", "b", "a");
    expect(match("--a")?.at).toBe(2);
    boundaries.close("a");
    expect(match("--a")?.at).toBe(0);
    boundaries.close("a");
    expect(match("--a")).toBeNull();
  });

  it("end in hyphens themselves where such a one is open further in", () => {
    expect(boundariesOf("a", "a--").match("--a--")).toEqual({ at: 1, isClosing: false });
    expect(boundariesOf("a--", "a").match("--a--")).toEqual({ at: 1, isClosing: true });
  });
});
