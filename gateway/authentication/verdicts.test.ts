/**
 * Show: verdicts equal those of mailauth's, on messages that are signed, broken and forged, with a local DNS server. The
 * gateway asks that server over UDP; mailauth has the same zone in memory. What the mesh then says of the sender is in
 * the table.
 */
import { authenticate } from "mailauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Authentication } from "../../contract/authentication.ts";
import { arcSets } from "../../mail/authentication/arc-sets.ts";
import { authorDomainOf } from "../../mail/authentication/author.ts";
import { judge } from "../../mail/authentication/judge.ts";
import { parseResults } from "../../mail/authentication/results-field.ts";
import { type FakeDns, resolverOf, startDns } from "../testing/fake-dns.ts";
import { Authenticator } from "./authenticator.ts";
import { aLetter, aZone, changed, sealed, signed, signedByUs } from "./letters.test-support.ts";

let dns: FakeDns;
let authenticator: Authenticator;

beforeAll(async () => {
  dns = await startDns(aZone());
  dns.fails.add("fails.example");
  dns.fails.add("_dmarc.fails.example");
  dns.fails.add("s1._domainkey.fails.example");
  authenticator = new Authenticator({ hostname: "mx.mesh.test", servers: [dns.server] });
});
afterAll(async () => {
  authenticator.close();
  await dns.close();
});

interface Connection {
  ip: string;
  from: string;
  helo?: string;
}

async function ours(raw: Buffer, { ip, from, helo = "client.example" }: Connection): Promise<Authentication> {
  const chunks = [raw.subarray(0, 100), raw.subarray(100)];
  const envelope = { mail_from: from, rcpt_to: ["alice@mesh.test"] };
  const field = parseResults(await authenticator.results(envelope, { helo, remote_address: ip }, chunks));
  if (field === null) throw new Error("the mesh could not read what the gateway says");
  const evidence = { field, author: authorDomainOf(raw), arc_sets: arcSets(raw) };
  return judge({ ...evidence, trusted_sealers: ["google.com", "lists.example"] });
}

/** In the words of mailauth's own result. */
async function theirs(raw: Buffer, { ip, from, helo = "client.example" }: Connection) {
  const options = { ip, helo, sender: from, mta: "mx.mesh.test", resolver: resolverOf(dns), disableBimi: true };
  const { spf, dkim, dmarc, arc } = await authenticate(raw, options);
  return {
    spf: spf ? { result: spf.status.result, domain: spf.domain } : null,
    dkim: dkim.results
      .filter(({ status }) => status.result !== "none")
      .map(({ status, signingDomain, selector }) => ({ result: status.result, domain: signingDomain, selector })),
    dmarc: dmarc
      ? { result: dmarc.status.result, domain: dmarc.status.header?.from, policy: dmarc.policy ?? null }
      : { result: "none", domain: null, policy: null },
    arc: arc && arc.status.result !== "none" ? arc.status.result : null,
  };
}

const inTheirWords = ({ spf, dkim, dmarc, arc }: Authentication) => ({ spf, dkim, dmarc, arc: arc?.result ?? null });

const BANK = { ip: "192.0.2.5", from: "bounce@bank.example" };
const EVIL = { ip: "203.0.113.66", from: "x@evil.example" };
const LIST = { ip: "198.51.100.7", from: "list@lists.example" };
const letter = aLetter("Bank <info@bank.example>");
const RIGHT = "mx.google.com; dmarc=pass header.from=bank.example";
const FOOTER = "Good morning.\r\n-- \r\nUnsubscribe\r\n";

/** What a list does to a signed message: the footer breaks the signature. */
const listed = async (from = "info@bank.example") =>
  changed(await signed(aLetter(from), from.slice(from.indexOf("@") + 1)), "Good morning.\r\n", FOOTER);

type Case = [
  what: string,
  sender: string,
  spf: string,
  dkim: string,
  dmarc: string,
  () => Buffer | Promise<Buffer>,
  Connection,
];

const SIGNATURES: Case[] = [
  ["signed and sent as it should be", "verified", "pass", "pass", "pass", () => signed(letter, "bank.example"), BANK],
  [
    "signed by this mesh's own signer, twice",
    "verified",
    "none",
    "pass pass",
    "none",
    () => signedByUs(aLetter("a@ours.example")),
    { ip: "127.0.0.1", from: "b@nowhere.example" },
  ],
  [
    "signed, and sent by nobody in particular",
    "verified",
    "pass",
    "pass",
    "pass",
    () => signed(letter, "bank.example"),
    EVIL,
  ],
  [
    "signed for a subdomain, which relaxed alignment takes",
    "verified",
    "pass",
    "pass",
    "pass",
    () => signed(letter, "mail.bank.example"),
    EVIL,
  ],
  [
    "signed, its body changed",
    "forged",
    "pass",
    "neutral",
    "fail",
    async () => changed(await signed(letter, "bank.example"), "morning", "evening"),
    EVIL,
  ],
  [
    "signed, its subject changed",
    "forged",
    "pass",
    "fail",
    "fail",
    async () => changed(await signed(letter, "bank.example"), "Subject: Hello", "Subject: Pay"),
    EVIL,
  ],
  ["signed by another", "forged", "pass", "pass", "fail", () => signed(letter, "evil.example"), EVIL],
  [
    "signed with a key that was revoked",
    "forged",
    "pass",
    "neutral",
    "fail",
    () => signed(letter, "bank.example", "revoked"),
    EVIL,
  ],
  [
    "signed with a key that nobody published",
    "forged",
    "pass",
    "neutral",
    "fail",
    () => signed(letter, "bank.example", "none"),
    EVIL,
  ],
  [
    "signed with a key that cannot be read",
    "forged",
    "pass",
    "neutral",
    "fail",
    () => signed(letter, "bank.example", "garbled"),
    EVIL,
  ],
  [
    "signed by a domain whose DNS fails",
    "unverified",
    "pass",
    "temperror",
    "temperror",
    () => signed(aLetter("a@fails.example"), "fails.example"),
    EVIL,
  ],
  [
    "with a signature that is none",
    "forged",
    "pass",
    "",
    "fail",
    () => aLetter("info@bank.example", "DKIM-Signature: v=1; nonsense\r\n"),
    EVIL,
  ],
  [
    "signed twice, and one of the two is broken",
    "verified",
    "pass",
    "neutral pass",
    "pass",
    async () => signed(await signed(letter, "bank.example"), "bank.example", "revoked"),
    EVIL,
  ],
  [
    "signed for its first line only, and written on",
    "verified",
    "pass",
    "pass",
    "pass",
    async () =>
      Buffer.concat([await signed(letter, "bank.example", "s1", { maxBodyLength: 15 }), Buffer.from("more\r\n")]),
    EVIL,
  ],
];

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

const FORWARDED: Case[] = [
  ["nobody seals", "forged", "pass", "neutral", "fail", () => listed(), LIST],
  [
    "a trusted forwarder seals",
    "unverified",
    "pass",
    "neutral",
    "fail",
    async () => sealed(await listed(), "google.com", RIGHT),
    LIST,
  ],
  [
    "a trusted forwarder seals that it was forged",
    "forged",
    "pass",
    "",
    "fail",
    () => sealed(letter, "google.com", "mx.google.com; dmarc=fail header.from=bank.example"),
    EVIL,
  ],
  ["somebody else seals", "forged", "pass", "", "fail", () => sealed(letter, "evil.example", RIGHT), EVIL],
  [
    "a trusted forwarder seals, and it is changed after that",
    "forged",
    "pass",
    "neutral",
    "fail",
    async () => changed(await sealed(await listed(), "google.com", RIGHT), "Good morning", "Pay me"),
    EVIL,
  ],
  [
    "a trusted forwarder's seal is changed",
    "forged",
    "pass",
    "",
    "fail",
    async () =>
      changed(
        await sealed(letter, "google.com", "mx.google.com; dmarc=fail header.from=bank.example"),
        "dmarc=fail",
        "dmarc=pass",
      ),
    EVIL,
  ],
  [
    "two trusted forwarders seal",
    "unverified",
    "pass",
    "neutral",
    "fail",
    async () =>
      sealed(
        await sealed(await listed(), "google.com", RIGHT),
        "lists.example",
        "lists.example; arc=pass; dmarc=fail header.from=bank.example",
        2,
      ),
    LIST,
  ],
  [
    "somebody else seals after the trusted one",
    "forged",
    "pass",
    "neutral",
    "fail",
    async () => sealed(await sealed(await listed(), "google.com", RIGHT), "evil.example", RIGHT, 2),
    EVIL,
  ],
  [
    "a sealed message was right anyway",
    "verified",
    "pass",
    "pass",
    "pass",
    async () => sealed(await signed(letter, "bank.example"), "google.com", RIGHT),
    LIST,
  ],
  [
    "the list's domain asks for quarantine",
    "unverified",
    "pass",
    "neutral",
    "fail",
    async () => sealed(await listed("a@lax.example"), "google.com", "mx.google.com; dkim=pass header.i=@lax.example"),
    LIST,
  ],
];

describe.each([
  ["a message", SIGNATURES],
  ["a message comes", SENDERS],
  ["the domain in From has", POLICIES],
  ["a message was forwarded, and", FORWARDED],
])("%s", (_what, cases) => {
  it.each(cases)("%s: %s", async (_case, sender, spf, dkim, dmarc, make, connection) => {
    const raw = await make();
    const found = await ours(raw, connection);
    expect(inTheirWords(found)).toEqual(await theirs(raw, connection));
    expect({
      sender: found.sender,
      spf: found.spf.result,
      dkim: found.dkim.map(({ result }) => result).join(" "),
      dmarc: found.dmarc.result,
    }).toEqual({ sender, spf, dkim, dmarc });
  });
});

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
