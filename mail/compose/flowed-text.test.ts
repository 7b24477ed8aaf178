import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unflow } from "../parse/flowed-text.ts";
import { composeMessage } from "./compose-message.ts";
import { flow } from "./flowed-text.ts";
import { anOutgoing, expectSound, PARSERS, sameText } from "./read-back.test-support.ts";

const WORDS = "It was a bright cold day in April, and the clocks were striking thirteen; ".repeat(4).trim();

/** The text as any reader has it: no spaces at the ends of lines, one space after the marks of a quote. */
const plain = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/^(>+) ?/, "$1 "))
    .map((line) => (/^(?:>+ )?-- $/.test(line) ? line : line.replace(/ +$/, "")))
    .join("\n");

describe("text whose lines are short", () => {
  it("is left as it is, and so is what has no spaces", () => {
    for (const text of ["", "Hello\n\nBob", "x".repeat(500), "天".repeat(200), `> ${"y".repeat(76)}`]) {
      expect(flow(text)).toBeNull();
    }
  });
});

describe("text with a long line", () => {
  it("is broken at spaces, and reads well where nobody puts it together", () => {
    const flowed = flow(`Dear all,\n\n${WORDS}\n\nBye\n-- \nAnn`) ?? "";
    const lines = flowed.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(72);
    expect(lines.slice(0, 3)).toEqual([
      "Dear all,",
      "",
      "It was a bright cold day in April, and the clocks were striking ",
    ]);
    expect(lines.slice(-4)).toEqual(["", "Bye", "-- ", "Ann"]);
    expect(unflow(flowed, false)).toBe(`Dear all,\n\n${WORDS}\n\nBye\n-- \nAnn`);
  });

  it("keeps who said what, and what begins like a mark", () => {
    const text = `>> ${WORDS}\n> ${WORDS}\n> > ${WORDS}\n${WORDS}\n From me\nFrom you\n  indented ${WORDS}`;
    const flowed = flow(text) ?? "";
    expect(flowed.split("\n").slice(0, 3)).toEqual([`>> ${WORDS}`, `> ${WORDS}`, `> > ${WORDS}`]);
    expect(flowed).toContain("\n  From me\n From you\n   indented");
    expect(unflow(flowed, false)).toBe(text);
  });

  it("never makes a signature of two dashes between words", () => {
    const text = `${"a ".repeat(34)}abc -- ${WORDS} -- ${"long".repeat(30)} -- end`;
    expect(unflow(flow(text) ?? "", false)).toBe(text);
    const apart = `x -- ${"y".repeat(90)}`;
    expect(unflow(flow(`-- ${"y".repeat(90)} z`) ?? "", false)).toBe(`-- ${"y".repeat(90)} z`);
    expect(unflow(flow(apart) ?? "", false)).toBe(apart);
  });

  it("comes back as it was, whatever it is", () => {
    const piece = fc.constantFrom(
      " ",
      "  ",
      "> ",
      ">",
      "-- ",
      "From ",
      "word ",
      WORDS,
      "x".repeat(90),
      "\n",
      "\n",
      "天",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        const flowed = flow(text);
        if (flowed !== null) expect(plain(unflow(flowed, false))).toBe(plain(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each(PARSERS)("says so in the message, where %s reads it back", async (_name, read) => {
    const body = `Grüße!\n\n${WORDS}\n\n> ${WORDS}\n\n-- \nAnn`;
    const raw = composeMessage(anOutgoing({ body }));
    expectSound(raw);
    expect(new TextDecoder().decode(raw)).toMatch(
      /Content-Type: text\/plain; charset=utf-8; format=flowed; delsp=no\r\n/,
    );
    expect((await read(raw)).text).toBe(sameText(body));
    expect(new TextDecoder().decode(composeMessage(anOutgoing({ body: "Short" })))).not.toContain("format=flowed");
  });

  it("takes a time that grows with its length alone", () => {
    const started = performance.now();
    for (const text of [
      "a ".repeat(500_000),
      `${" ".repeat(1_000_000)}a`,
      `${"x".repeat(1_000_000)} a`,
      "-- ".repeat(300_000),
    ])
      flow(text);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
