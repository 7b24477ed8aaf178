import { domainToASCII, domainToUnicode } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDomain, toUnicodeDomain } from "./domain.ts";
import { decodePunycode } from "./punycode.ts";

/** RFC 3492 §7.1 */
it.each([
  ["egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"],
  ["ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"],
  ["Proprostnemluvesky-uyb24dma41a", "Pročprostěnemluvíčesky"],
  ["4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"],
  ["n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa", "なぜみんな日本語を話してくれないのか"],
  [
    "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c",
    "세계의모든사람들이한국어를이해한다면얼마나좋을까",
  ],
  ["PorqunopuedensimplementehablarenEspaol-fmd56a", "PorquénopuedensimplementehablarenEspañol"],
  ["-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n", "安室奈美恵-with-SUPER-MONKEYS"],
  ["Hello-Another-Way--fc4qua05auwb3674vfr0b", "Hello-Another-Way-それぞれの場所"],
  ["2-u9tlzr9756bt3uc0v", "ひとつ屋根の下2"],
  ["MajiKoi5-783gue6qz075azm5e", "MajiでKoiする5秒前"],
  ["d9juau41awczczp", "そのスピードで"],
])("%s decodes as RFC 3492 says", (encoded, text) => {
  expect(decodePunycode(encoded)).toBe(text);
});

it.each(["", "-", "a-", "9999999999999", "\u00e9", "a\u00e9-b", "99zz", "0000000000000000000000"])(
  "%j is no Punycode, or no label, and does not throw",
  (encoded) => {
    const decoded = decodePunycode(encoded);
    if (decoded !== null) expect(decoded.isWellFormed()).toBe(true);
  },
);

it("a domain in U-labels and in A-labels is one domain, and is shown as Node shows it", () => {
  const letter = fc.constantFrom(..."abcz09üßñçøжδλ例中文日本ไทย한국اب");
  const label = fc.array(letter, { minLength: 1, maxLength: 10 }).map((letters) => letters.join(""));
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
      const name = labels.join(".");
      const domain = parseDomain(name);
      if (!domain.ok) return;
      expect(domain.value).toBe(domainToASCII(name));
      expect(toUnicodeDomain(domain.value)).toBe(domainToUnicode(domain.value));
      expect(parseDomain(toUnicodeDomain(domain.value))).toEqual(domain);
    }),
    { numRuns: 2000, seed: 3 },
  );
});

it("any text is taken or refused, never thrown at", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const domain = parseDomain(text);
      if (domain.ok) expect(parseDomain(domain.value)).toEqual(domain);
      expect(parseDomain(toUnicodeDomain(text)).ok).toBeTypeOf("boolean");
    }),
    { numRuns: 2000, seed: 4 },
  );
});
