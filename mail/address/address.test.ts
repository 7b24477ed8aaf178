import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayAddress, formatAddress, parseAddress } from "./address.ts";
import { canonicalLocalPart, splitTag } from "./local-part.ts";

function parsed(text: string) {
  const result = parseAddress(text);
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.error)}`);
  return formatAddress(result.value);
}

function refused(text: string) {
  const result = parseAddress(text);
  return result.ok ? formatAddress(result.value) : result.error.reason;
}

describe("an address", () => {
  it.each([
    ["alice@mesh.test", "alice@mesh.test"],
    ["Alice@MESH.Test", "Alice@mesh.test"],
    ['"alice"@mesh.test', "alice@mesh.test"],
    ['"al\\ice"@mesh.test', "alice@mesh.test"],
    ['"a\\"b"@mesh.test', '"a\\"b"@mesh.test'],
    ['"a b"@mesh.test', '"a b"@mesh.test'],
    ['"a@b"@mesh.test', '"a@b"@mesh.test'],
    ['"a..b"@mesh.test', '"a..b"@mesh.test'],
    ["o'brien+a/b=c@mesh.test", "o'brien+a/b=c@mesh.test"],
    ["cafe\u0301@mesh.test", "café@mesh.test"],
    ["用户@例え.テスト", "用户@xn--r8jz45g.xn--zckzah"],
    ["a@xn--r8jz45g.xn--zckzah", "a@xn--r8jz45g.xn--zckzah"],
    ["a@BÜCHER.example", "a@xn--bcher-kva.example"],
    ["a@b。example", "a@b.example"],
    ["a@localhost", "a@localhost"],
    ["a@bounce_1.example.com", "a@bounce_1.example.com"],
    ["postMaster", "postMaster"],
    [`${"a".repeat(64)}@x.test`, `${"a".repeat(64)}@x.test`],
  ])("%s reads as %s", (text, canonical) => {
    expect(parsed(text)).toBe(canonical);
  });

  it.each([
    ["", "address_empty"],
    ["alice", "domain_missing"],
    ["@mesh.test", "local_part_empty"],
    ['""@mesh.test', "local_part_empty"],
    ["a b@mesh.test", "local_part_character"],
    [" a@mesh.test", "local_part_character"],
    ["<a@mesh.test>", "local_part_character"],
    ["a@b@mesh.test", "local_part_character"],
    [".a@mesh.test", "local_part_dot"],
    ["a.@mesh.test", "local_part_dot"],
    ["a..b@mesh.test", "local_part_dot"],
    ['"a@mesh.test', "local_part_quote_unclosed"],
    ['"a\\"@mesh.test', "local_part_quote_unclosed"],
    ['"a"b@mesh.test', "local_part_after_quote"],
    ["a\r\nRCPT TO:<b>@mesh.test", "control_character"],
    ["a\u0000@mesh.test", "control_character"],
    ["a\ud800@mesh.test", "not_well_formed"],
    ["a@mesh.test\n", "control_character"],
    [`${"a".repeat(65)}@x.test`, "local_part_too_long"],
    [`${"é".repeat(33)}@x.test`, "local_part_too_long"],
    [`${"a".repeat(60)}@${`${"b".repeat(49)}.`.repeat(4)}test`, "address_too_long"],
    ["a@", "domain_empty"],
    ["a@[192.0.2.1]", "domain_literal"],
    ["a@[IPv6:::1]", "domain_literal"],
    ["a@192.0.2.1", "domain_is_ip_address"],
    ["a@1", "domain_is_ip_address"],
    ["a@0x7f.1", "domain_is_ip_address"],
    ["a@１２７．０．０．１", "domain_is_ip_address"],
    ["a@mesh.test:25", "domain_character"],
    ["a@mesh.test/x", "domain_character"],
    ["a@mesh%2etest", "domain_character"],
    ["a@mesh test", "domain_character"],
    ["a@mesh..test", "domain_label_empty"],
    ["a@.test", "domain_label_empty"],
    ["a@mesh.test.", "domain_label_empty"],
    ["a@-mesh.test", "domain_label"],
    ["a@mesh-.test", "domain_label"],
    ["a@xn--a.test", "domain_label"],
    ["a@xn--0.test", "domain_label"],
    [`a@${"b".repeat(64)}.test`, "domain_label_too_long"],
    [`a@${"b.".repeat(130)}test`, "domain_too_long"],
    [`a@${"b".repeat(100_000)}`, "domain_too_long"],
    ["a@a\u200db.test", "domain_unusable"],
  ])("%j is refused: %s", (text, reason) => {
    expect(refused(text)).toBe(reason);
  });

  it("shows its domain in U-labels", () => {
    const result = parseAddress("a@xn--bcher-kva.xn--a.example");
    expect(result.ok).toBe(false);
    expect(displayAddress({ local_part: "a", domain: "xn--bcher-kva.xn--a.example" })).toBe("a@bücher.xn--a.example");
  });

  it("reads its own output as the same address, whatever the input", () => {
    const piece = fc.constantFrom(
      "a",
      "B",
      ".",
      "@",
      '"',
      "\\",
      "+",
      " ",
      "é",
      "\u0301",
      "ß",
      "例",
      "-",
      "xn--",
      "1",
      "\u{1f600}",
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc.emailAddress(),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    fc.assert(
      fc.property(text, (input) => {
        const first = parseAddress(input);
        if (!first.ok) return;
        expect(parseAddress(formatAddress(first.value))).toEqual(first);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe("a name for lookup", () => {
  it.each([
    ["Alice", "alice"],
    ["ΟΔΟΣ", "οδοσ"],
    ["οδος", "οδοσ"],
    ["É", "é"],
    ["I\u0307", "i\u0307"],
  ])("%s is looked up as %s", (name, canonical) => {
    expect(canonicalLocalPart(name)).toBe(canonical);
  });

  it("is its own name for lookup", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 10 }), (name) => {
        const once = canonicalLocalPart(name);
        expect(canonicalLocalPart(once)).toBe(once);
        expect(canonicalLocalPart(name.toUpperCase().toLowerCase())).toBe(canonicalLocalPart(name.toUpperCase()));
      }),
      { numRuns: 2000, seed: 2 },
    );
  });
});

describe("a tag", () => {
  it.each([
    ["alice", ["alice", null]],
    ["alice+news", ["alice", "news"]],
    ["alice+", ["alice", ""]],
    ["alice+a+b", ["alice", "a+b"]],
    ["+alice", ["+alice", null]],
    ['"a b+news"', ['"a b"', "news"]],
    ['"alice+a b"', ["alice", "a b"]],
    ['"+a b"', ['"+a b"', null]],
  ])("of %s is told from the name", (localPart, expected) => {
    expect(splitTag(localPart)).toEqual(expected);
  });
});
