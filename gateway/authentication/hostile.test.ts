/** Messages that are made to cost: what is looked at of them is bounded, and what they say they are from is answered. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseResults } from "../../mail/authentication/results-field.ts";
import { type FakeDns, startDns } from "../testing/fake-dns.ts";
import { Authenticator } from "./authenticator.ts";
import { inTurns } from "./in-turns.ts";
import { toVerify } from "./to-verify.ts";

let dns: FakeDns;
let authenticator: Authenticator;

beforeAll(async () => {
  dns = await startDns({
    "_dmarc.bank.example": { TXT: ["v=DMARC1; p=reject"] },
    "evil.example": { TXT: ["v=spf1 +all"] },
    "_dmarc.evil.example": { TXT: ["v=DMARC1; p=none"] },
  });
  authenticator = new Authenticator({ hostname: "mx.test", servers: [dns.server], withinMilliseconds: 1_000 });
});
afterAll(async () => {
  authenticator.close();
  await dns.close();
});

async function look(message: string, mail_from = "x@evil.example", helo = "h.example", remote_address = "192.0.2.1") {
  const chunks = message.match(/.{1,65536}/gs)?.map((chunk) => Buffer.from(chunk)) ?? [];
  const value = await authenticator.results({ mail_from, rcpt_to: ["a@b.test"] }, { helo, remote_address }, chunks);
  expect(value).toMatch(/^[ -~]{1,16000}$/);
  const results = parseResults(value)?.results ?? [];
  return Object.fromEntries(results.map(({ method, result }) => [method, result]));
}

const FROM = "From: info@bank.example\r\n";
const BODY = `${"x".repeat(998)}\r\n`.repeat(8_000);
const signature = (n: number) =>
  `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=evil.example; s=s${n}; h=from; l=${n}; bh=AAAA; b=AAAA\r\n`;
const many = (count: number, one: (n: number) => string) => Array.from({ length: count }, (_, n) => one(n)).join("");

it.each([
  ["a thousand signatures, each with a hash of its own", () => `${many(1_000, signature)}${FROM}\r\n${BODY}`],
  [
    "a signature of ten thousand fields",
    () =>
      `DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=a; bh=A; b=A; h=${"x:".repeat(10_000)}from\r\n${many(10_000, () => "x: y\r\n")}${FROM}\r\n`,
  ],
  ["a header of a million fields", () => `${"a:\n".repeat(1_000_000)}${FROM}\r\n`],
  ["a header without an end", () => `${FROM}${"a".repeat(5_000_000)}`],
  [
    "fifty seals",
    () =>
      `${many(50, (n) => `ARC-Seal: i=${n + 1}; d=e${n}.example; s=s; cv=${n ? "pass" : "none"}; a=rsa-sha256; b=AAAA\r\nARC-Message-Signature: i=${n + 1}; d=e.example; s=s; a=rsa-sha256; h=from; bh=A; b=A\r\nARC-Authentication-Results: i=${n + 1}; x; dmarc=pass\r\n`)}${FROM}\r\n`,
  ],
  ["a signature of each length, before 25 MB", () => `${many(10, signature)}${FROM}\r\n${BODY.repeat(3)}`],
  ["25 MB on one line", () => `${signature(9)}${FROM}\r\n${"x ".repeat(12_500_000)}`],
  ["twelve million lines that end in LF alone", () => `${signature(9)}${FROM}\r\n${"\n".repeat(12_000_000)}`],
  ["only folded lines", () => `${FROM}Subject: x\r\n${" \r\n".repeat(60_000)}\r\n`],
])(
  "%s",
  async (_what, make) => {
    const started = performance.now();
    expect(await look(make())).toMatchObject({ dmarc: "fail" });
    // Without a bound some of them take minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  },
  60_000,
);

it.each([
  ["all of it an encoded-word", `=?utf-8?B?${btoa("Bank <info@bank.example>")}?=`],
  ["a space in the domain", "<info@bank .example>"],
  ["a comment in the domain", "info@bank(x).example"],
  ["a fold in the domain", "<info@bank.\r\n example>"],
  ["a mark in the domain that nobody sees", "info@\u202ebank.example"],
  ["Japanese in which another address is hidden", "\x1b$B<x@evil.example>\x1b(B <info@bank.example>"],
  ["that Japanese turned round", "\x1b$B<info@bank.example>\x1b(B <x@evil.example>"],
])("a policy holds for an author that readers see, and others may not: %s", async (_what, from) => {
  expect(await look(`From: ${from}\r\n\r\nbody\r\n`)).toMatchObject({ spf: "pass", dmarc: "fail" });
});

it("slow names of the sender's own are no way around the policy of the domain in From", async () => {
  dns.silent.add("s1._domainkey.slow.example").add("slow.example");
  const message = `${signature(1).replace("evil", "slow")}${FROM}\r\n`;
  expect(await look(message, "x@slow.example")).toMatchObject({ spf: "temperror", dmarc: "fail" });
  dns.silent.clear();
});

it("others have their turn while a large message is looked at", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await look(`${signature(9)}${FROM}\r\n${BODY}`);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});

it("line ends are CRLF before they are hashed, wherever the chunks end", async () => {
  const message = Buffer.from("a: b\r\n\r\nx\n\n\r\ny\r\n\rz\n");
  for (let size = 1; size <= message.length; size++) {
    const turned: Buffer[] = [];
    for await (const chunk of inTurns(inChunks(message, size))) turned.push(chunk);
    expect(Buffer.concat(turned).toString()).toBe("a: b\r\n\r\nx\r\n\r\n\r\ny\r\n\rz\r\n");
  }
});

const inChunks = (message: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(message.length / size) }, (_, n) => message.subarray(n * size, (n + 1) * size));

it.each([
  ["an author that is a whole list", `From: ${"a@x.example, ".repeat(5_000)}info@bank.example\r\n\r\n`],
  ["an author in a thousand comments", `From: ${"(".repeat(20_000)}info@bank.example\r\n\r\n`],
  ["an author in groups of groups, ten times", `From: ${"a:".repeat(60_000)}\r\n`.repeat(10)],
  ["an author in quotes that never end", `From: ${'"\\'.repeat(10_000)} info@bank.example\r\n\r\n`],
  ["nothing at all", ""],
  ["only an empty line", "\r\n"],
  ["only NUL", "\0".repeat(1_000)],
])("%s is looked at in no time", async (_what, message) => {
  const started = performance.now();
  await look(message);
  expect(performance.now() - started).toBeLessThan(5_000);
});

it.each([
  ["an address that is none", "x@y.example", "h", "not an address"],
  ["no address", "x@y.example", "h", ""],
  ["a sender that is no address", "; dmarc=pass (", "h", "192.0.2.1"],
  ["a sender in quotes", '"a; dmarc=pass"@evil.example', "h", "192.0.2.1"],
  ["a name in HELO that is none", "", '"; dmarc=pass header.from=bank.example', "192.0.2.1"],
  ["characters beyond ASCII", "ü@bücher.example", "bücher", "192.0.2.1"],
])("of %s something is said", async (_what, sender, helo, address) => {
  expect(await look(`${FROM}\r\n`, sender, helo, address)).toMatchObject({ dmarc: "fail", spf: expect.any(String) });
});

it("a message is verified as it came, in whatever chunks", () => {
  const message = Buffer.from(`${signature(1)}${FROM}\r\nbody\r\n`);
  for (let size = 1; size <= message.length; size++) {
    expect(Buffer.concat(toVerify(inChunks(message, size)))).toEqual(message);
  }
  const surplus = Buffer.from(`${many(12, signature)}${FROM}\r\n${signature(99)}`);
  const kept = Buffer.concat(toVerify([surplus])).toString();
  expect(kept).toBe(`${many(10, signature)}${FROM}\r\n${signature(99)}`);
});
