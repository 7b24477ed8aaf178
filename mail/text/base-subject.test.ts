import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baseSubject, isReplySubject } from "./base-subject.ts";

describe("the subject that a conversation shares", () => {
  it.each([
    ["Lunch", "lunch"],
    ["Re: Lunch", "lunch"],
    ["RE: re: Fwd: Lunch", "lunch"],
    ["Re[2]: Lunch", "lunch"],
    ["Re (3): Lunch", "lunch"],
    ["AW: WG: Mittag", "mittag"],
    ["SV: VS: Lunsj", "lunsj"],
    ["回复：午饭", "午饭"],
    ["[team] Re: [team] Lunch", "lunch"],
    ["Lunch (fwd)", "lunch"],
    ["  a \t  b ", "a b"],
    ["Ｒｅ： Ｌｕｎｃｈ", "lunch"],
    ["Re:", "re:"],
    ["Regarding: lunch", "regarding: lunch"],
    ["[only]", "[only]"],
    ["", ""],
  ])("%s is %s", (subject, base) => expect(baseSubject(subject)).toBe(base));

  it("is its own base, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (subject) => {
        const base = baseSubject(subject);
        fc.pre(!isReplySubject(base));
        expect(baseSubject(`Re: ${base}`)).toBe(base === "" ? "re:" : baseSubject(base));
      }),
    );
  });

  it("is found in linear time", () => {
    const started = performance.now();
    for (const piece of ["re:", "[a]", "re [", "re(", " ", "[", "fwd: "]) baseSubject(piece.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("an answer", () => {
  it.each([["Re: x"], ["re:x"], ["[list] Re: x"], [" AW: x"], ["Re[2]: x"]])("is %s", (subject) =>
    expect(isReplySubject(subject)).toBe(true),
  );
  it.each([["x"], ["Fwd: x"], ["Retro: x"], ["About re: x"], [""]])("is not %s", (subject) =>
    expect(isReplySubject(subject)).toBe(false),
  );
});
