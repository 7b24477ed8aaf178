import { describe, expect, it } from "vitest";
import { parsePath } from "./path.ts";

const address = (text: string, verb: "MAIL" | "RCPT" = "RCPT") => parsePath(text, verb)?.address;

describe("a path", () => {
  it.each([
    ["<bob@mesh.test>", "bob@mesh.test"],
    [" <bob@mesh.test>", "bob@mesh.test"],
    ["<Bob+tag@Mesh.TEST>", "Bob+tag@Mesh.TEST"],
    ["<bob@xn--bcher-kva.test>", "bob@xn--bcher-kva.test"],
    ["<bob@bücher.test>", "bob@bücher.test"],
    ["<用户@例子.测试>", "用户@例子.测试"],
    ['<"john doe"@mesh.test>', '"john doe"@mesh.test'],
    ['<"a@b>c\\"d"@mesh.test>', '"a@b>c\\"d"@mesh.test'],
    ["<a..b.@docomo.test>", "a..b.@docomo.test"],
    ["<o'brien/x=y@mesh.test>", "o'brien/x=y@mesh.test"],
    ["<bob@[127.0.0.1]>", "bob@[127.0.0.1]"],
    ["<bob@[IPv6:::1]>", "bob@[IPv6:::1]"],
    ["<bob@host_1.test>", "bob@host_1.test"],
    ["<@one.test,@two.test:bob@mesh.test>", "bob@mesh.test"],
    ["<Postmaster>", "Postmaster"],
  ])("%s is read as %s", (text, expected) => expect(address(text)).toBe(expected));

  it.each([
    ["bob@mesh.test"],
    ["<bob@mesh.test"],
    ["<bob>"],
    ["<@mesh.test>"],
    ["<bob@>"],
    ["<bob@mesh..test>"],
    ["<bob@.mesh.test>"],
    ["<bob@mesh.test.>"],
    ["<bob@-mesh.test>"],
    ["<bob@mesh test>"],
    ["<bob smith@mesh.test>"],
    ["<bob@[999.0.0.1]>"],
    ["<bob@[IPv6:zz]>"],
    ["<bob\u0000@mesh.test>"],
    ["<bob\u200b@mesh.test>"],
    ["<bob\ufffd@mesh.test>"],
    ['<"bob@mesh.test>'],
    ["<bob@mesh.test>SIZE=3"],
    ["<>"],
  ])("%j is no recipient", (text) => expect(address(text)).toBeUndefined());

  it("of the sender may be empty, and is then the null reverse-path", () => {
    expect(parsePath("<> SIZE=10", "MAIL")).toEqual({ address: "", parameters: "SIZE=10" });
  });

  it("of the sender needs a domain, postmaster or not", () => expect(address("<postmaster>", "MAIL")).toBeUndefined());

  it("holds 254 octets and no more", () => {
    const of = (octets: number) => `${"a".repeat(octets - "@mesh.test".length)}@mesh.test`;
    expect(address(`<${of(254)}>`)).toBe(of(254));
    expect(address(`<${of(255)}>`)).toBeUndefined();
  });

  it("is read in linear time, whatever it holds", () => {
    const started = performance.now();
    for (const text of ['"\\'.repeat(2000), "a.".repeat(2000), "@a,".repeat(2000), "-a".repeat(2000)]) {
      parsePath(`<${text}@${text}>`, "RCPT");
      parsePath(`<${text}`, "RCPT");
    }
    expect(performance.now() - started).toBeLessThan(200);
  });
});
