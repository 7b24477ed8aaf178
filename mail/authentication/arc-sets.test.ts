import { expect, it } from "vitest";
import { arcSets } from "./arc-sets.ts";

const seal = (i: number | string, d = "google.com") =>
  `ARC-Seal: i=${i}; a=rsa-sha256; cv=none;\r\n d=${d}; s=x; b=AAAA==\r\n`;
const signature = (i: number | string) =>
  `ARC-Message-Signature: a=rsa-sha256; i=${i}; d=google.com; h=From; bh=x; b=y\r\n`;
const results = (i: number | string) =>
  `ARC-Authentication-Results: i=${i}; mx.google.com;\r\n dmarc=pass header.from=a.example\r\n`;
const whole = (i: number | string, d?: string) => seal(i, d) + signature(i) + results(i);
const END = "From: a@a.example\r\n\r\nARC-Seal: i=9; d=x\r\n";

const read = (header: string, start = 0) =>
  arcSets(new TextEncoder().encode(header + END), start)?.map(({ instance, sealer }) => `${instance} ${sealer}`);

it("the sets are those of the header, the oldest first", () => {
  expect(read("")).toEqual([]);
  expect(read(whole(2, "Lists.Example") + whole(1))).toEqual(["1 google.com", "2 lists.example"]);
  expect(read(Array.from({ length: 50 }, (_, n) => whole(n + 1)).join(""))?.length).toBe(50);
  const [first] = arcSets(new TextEncoder().encode(whole(1) + END)) ?? [];
  expect(first?.results?.results).toMatchObject([{ method: "dmarc", result: "pass" }]);
});

it("those above a place do not count", () => {
  expect(read(whole(2, "cloudflare-email.net") + whole(1), whole(2, "cloudflare-email.net").length)).toEqual([
    "1 google.com",
  ]);
});

it.each([
  ["a field missing", seal(1) + results(1)],
  ["a field twice", whole(1) + seal(1, "evil.example")],
  ["a gap", whole(1) + whole(3)],
  ["no first", whole(2)],
  ["an instance that is none", whole(1) + seal("01", "evil.example")],
  ["an instance that is no number", whole(1) + seal("x")],
  ["an instance beyond the last", whole(1) + whole(51)],
  ["two instances in one field", whole(1) + seal("2; i=1")],
  ["two domains in one seal", seal(1, "google.com; d=evil.example") + signature(1) + results(1)],
  ["no domain", `ARC-Seal: i=1; s=x\r\n${signature(1)}${results(1)}`],
  ["results without an instance", `${seal(1) + signature(1)}ARC-Authentication-Results: mx.google.com; dmarc=pass\r\n`],
])("with %s nothing is believed", (_what, header) => expect(read(header)).toBeUndefined());
