import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseResults } from "./results-field.ts";

/** In short: `dkim=pass header.d=a.example`. */
const read = (text: string): string[] | null =>
  parseResults(text)?.results.map(({ method, result, reason, properties }) =>
    [
      `${method}=${result}`,
      ...(reason === null ? [] : [`(${reason})`]),
      ...[...properties].map((p) => p.join("=")),
    ].join(" "),
  ) ?? null;

describe("a field of RFC 8601", () => {
  it.each<[string, string[]]>([
    // Appendix B.1 to B.6
    ["example.org 1; none", []],
    ["example.com; spf=pass smtp.mailfrom=example.net", ["spf=pass smtp.mailfrom=example.net"]],
    [
      "example.com;\r\n    auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n    spf=pass smtp.mailfrom=example.net",
      ["auth=pass smtp.auth=sender@example.net", "spf=pass smtp.mailfrom=example.net"],
    ],
    [
      'example.com;\r\n dkim=pass reason="good signature"\r\n header.i=@mail-router.example.net;\r\n dkim=fail reason="bad signature"\r\n header.i=@newyork.example.com',
      [
        "dkim=pass (good signature) header.i=@mail-router.example.net",
        "dkim=fail (bad signature) header.i=@newyork.example.com",
      ],
    ],
    [
      "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) 1362471462",
      ["dkim=fail policy.expired=1362471462"],
    ],
  ])("%j", (text, expected) => expect(read(text)).toEqual(expected));

  it("names who looked", () => {
    expect(parseResults("(who?) example.com ; none")?.authserv_id).toBe("example.com");
    expect(parseResults('"mx; spf=pass" ; none')?.authserv_id).toBe("mx; spf=pass");
  });

  it.each([
    "",
    ";",
    " ; spf=pass",
    "(only a comment)",
    '""; spf=pass',
    "example.com 2; spf=pass",
    "example.com is; spf=pass",
  ])("%j is none", (text) => expect(parseResults(text)).toBeNull());
});

describe("what is written in practice", () => {
  it.each<[string, string[]]>([
    // Cloudflare, as seen; an IPv6 address is quoted by some of its servers and by others not.
    [
      'mx.cloudflare.net;\r\n\tdkim=pass header.d=gmail.com header.s=20251104 header.b=V3U4n/NR;\r\n\tdmarc=pass header.from=gmail.com policy.dmarc=none;\r\n\tspf=none (mx.cloudflare.net: no SPF records found for postmaster@a.google.com) smtp.helo=a.google.com;\r\n\tarc=pass smtp.remote-ip="2607:f8b0:4864:20::112d"',
      [
        "dkim=pass header.d=gmail.com header.s=20251104 header.b=V3U4n/NR",
        "dmarc=pass header.from=gmail.com policy.dmarc=none",
        "spf=none smtp.helo=a.google.com",
        "arc=pass smtp.remote-ip=2607:f8b0:4864:20::112d",
      ],
    ],
    ["mx.cloudflare.net; arc=none smtp.remote-ip=2607:f8b0::2f", ["arc=none smtp.remote-ip=2607:f8b0::2f"]],
    ["mx.cloudflare.net; spf=pass; dkim=pass; dmarc=none;", ["spf=pass", "dkim=pass", "dmarc=none"]],
    // Microsoft: a version, and a property without a type.
    [
      "mx.microsoft.com 1; spf=pass smtp.mailfrom=a.example; dmarc=pass action=none header.from=a.example; arc=none",
      ["spf=pass smtp.mailfrom=a.example", "dmarc=pass action=none header.from=a.example", "arc=none"],
    ],
    [
      'a; spf=pass smtp.mailfrom="srs0=t=3c=hot.example=andy@b.example"',
      ["spf=pass smtp.mailfrom=srs0=t=3c=hot.example=andy@b.example"],
    ],
    ['a; spf=pass smtp.mailfrom="a b"@b.example', ["spf=pass smtp.mailfrom=a b@b.example"]],
  ])("%j", (text, expected) => expect(read(text)).toEqual(expected));
});

describe("what a sender chose does not become a result", () => {
  it.each<[string, string[]]>([
    ['a; spf=fail smtp.mailfrom="x; dmarc=pass"@b.example', ["spf=fail smtp.mailfrom=x; dmarc=pass@b.example"]],
    [
      "a; spf=fail (domain of x (; dmarc=pass \\) ;) dmarc=pass) smtp.mailfrom=b.example",
      ["spf=fail smtp.mailfrom=b.example"],
    ],
    ['a; spf=fail smtp.mailfrom="x\\"; dmarc=pass', ['spf=fail smtp.mailfrom=x"; dmarc=pass']],
    ["a; spf=fail (never closed; dmarc=pass", ["spf=fail"]],
    // Of two with one name the first counts.
    ["a; dkim=pass header.d=b.example header.d=bank.example", ["dkim=pass header.d=b.example"]],
  ])("%j", (text, expected) => expect(read(text)).toEqual(expected));
});

describe("what cannot be read of one result", () => {
  it.each<[string, string[]]>([
    ["a; =pass; spf=pass", ["spf=pass"]],
    ["a; dkim; spf=pass", ["spf=pass"]],
    ["a; dkim/2=pass; spf=pass", ["spf=pass"]],
    ['a; dkim=pass "what; spf=fail" is this; spf=pass', ["dkim=pass", "spf=pass"]],
    ["a; dkim=pass header.; spf=pass", ["dkim=pass", "spf=pass"]],
  ])("%j does not take the next along", (text, expected) => expect(read(text)).toEqual(expected));
});

describe("any text", () => {
  const Piece = fc.constantFrom(
    "a",
    "mx.test",
    ";",
    "=",
    ".",
    "/",
    "(",
    ")",
    '"',
    "\\",
    " ",
    "\r\n\t",
    "dkim=pass",
    "header.d",
    "1",
    "é",
  );

  it("is read without an error, again and again the same", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(Piece).map((pieces) => pieces.join("")),
        ),
        (text) => {
          expect(parseResults(text)).toEqual(parseResults(text));
        },
      ),
    );
  });

  it.each(["(", '"', "\\", "a; ", "; dkim=pass", ' "(', "(a)", "a=b c.d=", "/", '"\\'])(
    "is read in linear time: %j many times",
    (piece) => {
      const text = `mx.test ${piece.repeat(16_000 / piece.length)}`;
      const started = performance.now();
      for (let n = 0; n < 20; n++) parseResults(text);
      // Quadratic, it would take minutes.
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );

  it("is not read at all when nobody would write so much", () => {
    expect(parseResults(`mx.test; spf=pass${" ".repeat(20_000)}`)).toBeNull();
    expect(parseResults(`mx.test${"; a=b".repeat(1_000)}`)?.results.length).toBe(100);
  });
});
