import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInternationalised, isSafePath } from "./envelope-path.ts";

describe("an address in a command", () => {
  it.each([
    "ana@example.org",
    "ana+tag=x/y.z@sub.example.org",
    '"a b>c"@example.org',
    '"a\\"b"@example.org',
    "ana@[192.0.2.1]",
    "ana@[IPv6:2001:db8::1]",
    "zoë@example.org",
    "ana@bücher.example",
    `${"x".repeat(200)}@example.org`,
  ])("may be %j", (address) => {
    expect(isSafePath(address)).toBe(true);
  });

  it.each([
    "",
    "ana",
    "@example.org",
    "ana@",
    "ana@example.org\r\nRCPT TO:<eve@example.org>",
    "ana@example.org\n",
    "ana\r@example.org",
    "ana@example.org> SIZE=1",
    "ana@example.org>",
    "<ana@example.org>",
    "an a@example.org",
    "ana@exam ple.org",
    "ana\u0000@example.org",
    "ana\u0085@example.org",
    "ana\u2028@example.org",
    "ana\u00a0@example.org",
    "ana\ud800@example.org",
    '"ana@example.org',
    '"a"b"@example.org',
    '"a\r\nb"@example.org',
    "ana@[192.0.2.1",
    "ana@[192.0.2.1>]",
    "@relay.example:ana@example.org",
    "ana@example.org,eve@example.org",
    `${"x".repeat(250)}@example.org`,
    `${"é".repeat(130)}@example.org`,
  ])("is not %j", (address) => {
    expect(isSafePath(address)).toBe(false);
  });

  it("cannot end the brackets, the line or the word it stands in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (local, domain) => {
        const address = `${local}@${domain}`;
        if (!isSafePath(address)) return;
        expect(address).not.toMatch(/\p{Cc}/u);
        if (!address.startsWith('"')) expect(address).not.toMatch(/[\s<>]/);
      }),
    );
  });

  it("is told in linear time", () => {
    const started = performance.now();
    expect(isSafePath(`"${"\\".repeat(100_000)}@example.org`)).toBe(false);
    expect(isSafePath(`${"a".repeat(100_000)}@`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it("needs SMTPUTF8 if it is not ASCII", () => {
    expect(isInternationalised("ana@example.org")).toBe(false);
    expect(isInternationalised("zoë@example.org")).toBe(true);
    expect(isInternationalised("ana@bücher.example")).toBe(true);
  });
});
