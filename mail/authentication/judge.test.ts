import { describe, expect, it } from "vitest";
import type { ArcSet } from "./arc-sets.ts";
import { judge } from "./judge.ts";
import { parseResults } from "./results-field.ts";

const TRUSTED = ["google.com", "lists.example"];

function judged(results: string, author: string | null = "bank.example", arc_sets: ArcSet[] | null = []) {
  const field = parseResults(`mx.test; ${results}`);
  if (field === null) throw new Error(results);
  return judge({ field, author, arc_sets, has_doubled_fields: false, trusted_sealers: TRUSTED });
}

const FAILS = "dmarc=fail header.from=bank.example policy.dmarc=reject";

describe("the sender, where the domain in From has a DMARC record,", () => {
  it.each([
    ["verified", "dmarc=pass header.from=bank.example policy.dmarc=reject"],
    ["verified", "dmarc=pass header.from=bank.example policy.dmarc=none"],
    ["forged", FAILS],
    ["forged", "dmarc=fail header.from=bank.example policy.dmarc=quarantine"],
    ["forged", "dmarc=fail (p=REJECT sp=NONE dis=NONE) header.from=bank.example"],
    // The domain asks for nothing.
    ["unverified", "dmarc=fail header.from=bank.example policy.dmarc=none; dkim=pass header.d=other.example"],
    ["unverified", "dmarc=temperror header.from=bank.example; dkim=pass header.d=bank.example"],
    ["unverified", "dmarc=permerror header.from=bank.example policy.dmarc=reject"],
    // It is about another message than this one.
    ["unverified", "dmarc=pass header.from=other.example"],
  ])("is %s: %s", (sender, results) => expect(judged(results).sender).toBe(sender));
});

describe("the sender, where it has none,", () => {
  it.each([
    ["verified", "dkim=pass header.d=bank.example; dmarc=none"],
    ["verified", "dkim=pass header.i=@mail.bank.example; dmarc=none"],
    ["verified", "spf=pass smtp.mailfrom=bounce@news.bank.example; dmarc=none"],
    ["verified", "dkim=fail header.d=bank.example; dkim=pass header.d=bank.example; spf=fail smtp.mailfrom=x.example"],
    ["unverified", "dkim=pass header.d=bulk.example; spf=pass smtp.mailfrom=bulk.example; dmarc=none"],
    ["unverified", "dkim=fail header.d=bank.example; spf=fail smtp.mailfrom=bank.example; dmarc=none"],
    ["unverified", "dkim=pass header.d=evilbank.example"],
    ["unverified", "dkim=pass header.d=example"],
    ["unverified", "spf=none"],
    ["unverified", "dkim=passed header.d=bank.example"],
  ])("is %s: %s", (sender, results) => expect(judged(results).sender).toBe(sender));

  it("is not verified by a neighbour under a public suffix", () => {
    expect(judged("dkim=pass header.d=evil.github.io", "victim.github.io").sender).toBe("unverified");
    expect(judged("dkim=pass header.d=mail.bank.co.uk", "bank.co.uk").sender).toBe("verified");
    expect(judged("dkim=pass header.d=other.co.uk", "bank.co.uk").sender).toBe("unverified");
  });
});

it("several authors are never verified", () => {
  expect(judged("dmarc=pass header.from=bank.example", null).sender).toBe("unverified");
  expect(judged("dkim=pass header.d=bank.example", null).sender).toBe("unverified");
  expect(judged(FAILS, null).sender).toBe("forged");
});

it("what counts of SPF is MAIL FROM, and HELO without it", () => {
  const both = "spf=none smtp.helo=mx.a.example; spf=softfail (of x@y) smtp.mailfrom=Zoe@A.example";
  expect(judged(both).spf).toEqual({ result: "softfail", domain: "a.example" });
  expect(judged("spf=pass smtp.helo=mx.a.example").spf).toEqual({ result: "pass", domain: "mx.a.example" });
  expect(judged("dkim=none").spf).toEqual({ result: "none", domain: null });
});

it("each signature is shown, but not that there is none", () => {
  expect(judged("dkim=none (not signed)").dkim).toEqual([]);
  expect(judged("dkim=pass header.d=A.example header.s=s1; dkim=neutral header.i=@b.example").dkim).toEqual([
    { result: "pass", domain: "a.example", selector: "s1" },
    { result: "neutral", domain: "b.example", selector: null },
  ]);
  expect(judged(Array.from({ length: 50 }, () => "dkim=pass header.d=a.example").join("; ")).dkim.length).toBe(20);
});

const set = (instance: number, sealer: string, results: string): ArcSet => {
  return { instance, sealer, results: parseResults(`mx; ${results}`) };
};
const RIGHT = "dmarc=pass header.from=bank.example";

describe("a failure is let pass", () => {
  it.each<[string, ArcSet[]]>([
    ["where a trusted forwarder saw it right", [set(1, "google.com", RIGHT)]],
    ["by an aligned signature too", [set(1, "google.com", "dkim=pass header.d=bank.example")]],
    ["of a subdomain of it", [set(1, "mail.google.com", RIGHT)]],
    ["through two that are trusted", [set(1, "google.com", RIGHT), set(2, "lists.example", "dmarc=fail; arc=pass")]],
    ["whoever sealed before", [set(1, "evil.example", "dmarc=fail"), set(2, "google.com", RIGHT)]],
  ])("%s", (_what, sets) => {
    expect(judged(`${FAILS}; arc=pass`, "bank.example", sets)).toMatchObject({
      sender: "unverified",
      override: "trusted_forwarder",
      dmarc: { result: "fail", policy: "reject" },
    });
  });
});

describe("a failure stays one", () => {
  it.each<[string, string, ArcSet[] | null]>([
    ["where nobody sealed", "arc=none", []],
    ["where the chain is broken", "arc=fail", [set(1, "google.com", RIGHT)]],
    ["where the chain could not be verified", "arc=temperror", [set(1, "google.com", RIGHT)]],
    ["where nobody verified it", "", [set(1, "google.com", RIGHT)]],
    ["where the chain is in disorder", "arc=pass", null],
    ["for a sealer that nobody trusts", "arc=pass", [set(1, "evil.example", RIGHT)]],
    ["for a name that only ends alike", "arc=pass", [set(1, "evilgoogle.com", RIGHT)]],
    ["behind a hop that nobody trusts", "arc=pass", [set(1, "google.com", RIGHT), set(2, "evil.example", RIGHT)]],
    ["where it was wrong there too", "arc=pass", [set(1, "google.com", "dmarc=fail header.from=bank.example")]],
    [
      "where it was right for another domain",
      "arc=pass",
      [set(1, "google.com", "dmarc=pass header.from=evil.example")],
    ],
    ["where the results cannot be read", "arc=pass", [{ instance: 1, sealer: "google.com", results: null }]],
    ["where two say different things of the chain", "arc=pass; arc=fail", [set(1, "google.com", RIGHT)]],
  ])("%s", (_what, arc, sets) => {
    expect(judged(`${FAILS}; ${arc}`, "bank.example", sets)).toMatchObject({ sender: "forged", override: null });
  });
});
