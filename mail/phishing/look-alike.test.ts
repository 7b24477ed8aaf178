import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { domainKey, nameKey } from "./look-alike.ts";

describe("a name", () => {
  it.each([
    ["Jane Doe", "jane  doe"],
    ["Jane Doe", "Doe, Jane"],
    ["Jane Doe", "Jane Q. Doe"],
    ["Jane Doe", "Jаnе Dое"], // Cyrillic а and е
    ["Jane Doe", "J\u200bane D\u00f6e"],
    ["Jane Doe", "𝕁ane 𝔻oe"],
    ["Jane Doe", "Jane D0e"],
    ["Alice Illig", "AIice lllig"],
    ["Tom Marner", "Tom Mamer"],
    ["Анна Смирнова", "анна смирнова"],
    ["王小明", "王小明"],
  ])("%s looks like %s", (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
    expect(nameKey(one)).not.toBe("");
  });

  it.each([
    ["Jane Doe", "Jane Roe"],
    ["Jane Doe", "Jane Doe via dev"],
    ["王小明", "王小红"],
  ])("%s does not look like %s", (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other));
  });

  it.each(["", "Jane", "J.", "jane@far.example", "王明", "…", "Support"])("%j tells nobody from others", (name) => {
    expect(nameKey(name)).toBe("");
  });
});

describe("a domain", () => {
  it.each([
    ["paypal.com", "paypa1.com"],
    ["paypal.com", "PayPaI.com"],
    ["paypal.com", "xn--pypal-4ve.com"], // Cyrillic а
    ["paypal.com", "mail.paypal.com"],
    ["microsoft.com", "rnicrosoft.com"],
    ["example.com", "exämple.com"],
    ["bank.co.uk", "login.b4nk.co.uk"],
  ])("%s looks like %s", (one, other) => {
    expect(domainKey(one)).toBe(domainKey(other));
  });

  it.each([
    ["bank.co.uk", "bark.co.uk"],
    ["paypal.com", "paypal.net"],
    ["paypal.com", "paypal.com.example.net"],
  ])("%s has not the key of %s", (one, other) => {
    expect(domainKey(one)).not.toBe(domainKey(other));
  });
});

it("keys are made of anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(nameKey(text).isWellFormed()).toBe(true);
      expect(domainKey(text).isWellFormed()).toBe(true);
    }),
  );
});
