/**
 * Where a message comes from, and what the domain in From asks for: SPF and DMARC.
 * Show: verdicts equal those of mailauth's, with a local DNS server. What the mesh then says of the sender is in the table.
 */
import { describe, expect, it } from "vitest";
import { aLetter } from "./letters.test-support.ts";
import { BANK, type Case, EVIL, itJudges, letter, ours, serveZone } from "./verdicts.test-support.ts";

serveZone();

const SENDERS: Case[] = [
  ["from an address that its record names", "verified", "pass", "", "pass", () => letter, BANK],
  [
    "from an IPv6 address that its record names",
    "verified",
    "pass",
    "",
    "pass",
    () => letter,
    { ...BANK, ip: "2001:db8::5" },
  ],
  [
    "from an IPv4 address written as IPv6",
    "verified",
    "pass",
    "",
    "pass",
    () => letter,
    { ...BANK, ip: "::ffff:192.0.2.5" },
  ],
  ["from elsewhere", "forged", "fail", "", "fail", () => letter, { ...BANK, ip: "198.51.100.9" }],
  [
    "from a subdomain, which relaxed alignment takes",
    "verified",
    "pass",
    "",
    "pass",
    () => letter,
    { ip: "192.0.2.9", from: "x@mail.bank.example" },
  ],
  [
    "from a subdomain, which strict alignment does not take",
    "forged",
    "pass",
    "",
    "fail",
    () => aLetter("a@strict.example"),
    { ip: "192.0.2.1", from: "x@mail.strict.example" },
  ],
  [
    "from the very domain, which strict alignment takes",
    "verified",
    "pass",
    "",
    "pass",
    () => aLetter("a@strict.example"),
    { ip: "192.0.2.1", from: "x@strict.example" },
  ],
  [
    "from the host of an a record",
    "verified",
    "pass",
    "",
    "pass",
    () => aLetter("a@lax.example"),
    { ip: "192.0.2.20", from: "x@lax.example" },
  ],
  [
    "from the host of an mx record",
    "verified",
    "pass",
    "",
    "pass",
    () => aLetter("a@lax.example"),
    { ip: "192.0.2.21", from: "x@lax.example" },
  ],
  [
    "from elsewhere, where the record is soft",
    "forged",
    "softfail",
    "",
    "fail",
    () => aLetter("a@lax.example"),
    { ip: "192.0.2.99", from: "x@lax.example" },
  ],
  [
    "from anywhere, where the record is neutral",
    "unverified",
    "neutral",
    "",
    "fail",
    () => aLetter("a@none.example"),
    { ip: "192.0.2.99", from: "x@none.example" },
  ],
  [
    "by a record in a record",
    "verified",
    "pass",
    "",
    "none",
    () => aLetter("a@plain.example"),
    { ip: "203.0.113.8", from: "x@plain.example" },
  ],
  [
    "by a record elsewhere",
    "unverified",
    "pass",
    "",
    "none",
    () => aLetter("a@nowhere.example"),
    { ip: "192.0.2.8", from: "x@moved.example" },
  ],
  [
    "by a macro",
    "verified",
    "pass",
    "",
    "none",
    () => aLetter("a@macro.example"),
    { ip: "192.0.2.5", from: "x@macro.example" },
  ],
  [
    "where the record includes itself",
    "unverified",
    "permerror",
    "",
    "none",
    () => aLetter("a@loop.example"),
    { ip: "192.0.2.5", from: "x@loop.example" },
  ],
  [
    "where the record cannot be read",
    "unverified",
    "permerror",
    "",
    "none",
    () => aLetter("a@broken.example"),
    { ip: "192.0.2.5", from: "x@broken.example" },
  ],
  [
    "where there are two records",
    "unverified",
    "permerror",
    "",
    "none",
    () => aLetter("a@twice.example"),
    { ip: "192.0.2.5", from: "x@twice.example" },
  ],
  [
    "where the DNS of an included record fails",
    "unverified",
    "temperror",
    "",
    "none",
    () => aLetter("a@silent.example"),
    { ip: "192.0.2.5", from: "x@silent.example" },
  ],
  [
    "where there is no record",
    "unverified",
    "none",
    "",
    "none",
    () => aLetter("a@nowhere.example"),
    { ip: "192.0.2.5", from: "x@nowhere.example" },
  ],
  [
    "without a sender, by the name in HELO",
    "verified",
    "pass",
    "",
    "none",
    () => aLetter("mailer-daemon@helo.example"),
    { ip: "198.51.100.1", from: "", helo: "helo.example" },
  ],
  [
    "without a sender, from elsewhere than HELO says",
    "unverified",
    "fail",
    "",
    "none",
    () => aLetter("mailer-daemon@helo.example"),
    { ip: "192.0.2.1", from: "", helo: "helo.example" },
  ],
];

const POLICIES: Case[] = [
  ["a policy of none", "unverified", "pass", "", "fail", () => aLetter("a@none.example"), EVIL],
  ["a policy of quarantine", "forged", "pass", "", "fail", () => aLetter("a@lax.example"), EVIL],
  ["a policy of reject", "forged", "pass", "", "fail", () => letter, EVIL],
  ["a policy for subdomains", "forged", "pass", "", "fail", () => aLetter("a@child.parent.example"), EVIL],
  [
    "a policy for subdomains, asked for the domain",
    "unverified",
    "pass",
    "",
    "fail",
    () => aLetter("a@parent.example"),
    EVIL,
  ],
  ["a policy that a subdomain inherits", "forged", "pass", "", "fail", () => aLetter("a@any.thing.bank.example"), EVIL],
  ["a policy that is only tested", "forged", "pass", "", "fail", () => aLetter("a@testing.example"), EVIL],
  ["a policy that nobody knows", "unverified", "pass", "", "none", () => aLetter("a@odd.example"), EVIL],
  ["no policy, of the sender's own domain", "verified", "pass", "", "none", () => aLetter("a@evil.example"), EVIL],
  [
    "a domain that is written in capitals, with a dot",
    "forged",
    "pass",
    "",
    "fail",
    () => aLetter("Bank <INFO@BANK.EXAMPLE>"),
    EVIL,
  ],
  ["two authors of one domain", "forged", "pass", "", "fail", () => aLetter("a@bank.example, b@bank.example"), EVIL],
  ["no author", "unverified", "pass", "", "none", () => aLetter("undisclosed:;"), EVIL],
];

describe("a message comes", () => itJudges(SENDERS));
describe("the domain in From has", () => itJudges(POLICIES));

/** mailauth judges no message of several From fields or domains: a reader is shown one of them all the same. */
describe("what DMARC cannot judge is no way around a policy:", () => {
  it.each([
    ["two From fields", "forged", aLetter("x@evil.example", "From: info@bank.example\r\n")],
    ["two domains in From", "forged", aLetter("x@evil.example, info@bank.example")],
    ["two domains, one of which asks for nothing", "unverified", aLetter("x@evil.example, a@none.example")],
    ["two From fields of the sender's own", "unverified", aLetter("x@evil.example", "From: y@evil.example\r\n")],
    [
      "a header that nobody would look through",
      "forged",
      aLetter("info@bank.example", "X-Padding: x\r\n".repeat(20_000)),
    ],
  ])("%s", async (_what, sender, raw) => expect((await ours(raw, EVIL)).sender).toBe(sender));
});
