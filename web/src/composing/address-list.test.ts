import { describe, expect, it } from "vitest";
import { isAddress, parseAddresses, withoutRepeats, writeAddress } from "./address-list.ts";

describe("addresses as they are typed", () => {
  it.each([
    ["ana@b.test", [["", "ana@b.test"]]],
    [
      "Ana <ana@b.test>, ben@b.test; c@b.test\nd@b.test",
      [
        ["Ana", "ana@b.test"],
        ["", "ben@b.test"],
        ["", "c@b.test"],
        ["", "d@b.test"],
      ],
    ],
    ['"Reuter, Jonas" <jonas@b.test>,', [["Reuter, Jonas", "jonas@b.test"]]],
    ['"Say \\"hi\\"" <a@b.test>', [['Say "hi"', "a@b.test"]]],
    ["half", [["", "half"]]],
    [" , ", []],
  ])("%j", (text, expected) => expect(parseAddresses(text).map(({ name, email }) => [name, email])).toEqual(expected));

  it("are read again as they were written", () => {
    for (const address of [
      { name: "Reuter, Jonas", email: "jonas@b.test" },
      { name: 'Say "hi" \\', email: "a@b.test" },
      { name: "", email: "a@b.test" },
    ]) {
      expect(parseAddresses(writeAddress(address))).toEqual([address]);
    }
  });

  it("are told from what is none", () => {
    expect(isAddress("用户@例え.テスト")).toBe(true);
    expect(isAddress("nobody")).toBe(false);
    expect(isAddress("a b@c.test")).toBe(false);
  });

  it("are there once, however they are spelled", () => {
    const [ana, again] = parseAddresses("Ana <ana@b.test>, ANA@B.test");
    expect(withoutRepeats([ana, again].filter((one) => one !== undefined))).toEqual([ana]);
  });
});

it("finds repeats among as many as a message can name", () => {
  const crowd = Array.from({ length: 20_000 }, (_, n) => ({ name: "", email: `U${n % 10_000}@river.example` }));
  expect(withoutRepeats(crowd)).toHaveLength(10_000);
});
