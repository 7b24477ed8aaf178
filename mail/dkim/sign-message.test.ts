import { describe, expect, it } from "vitest";
import { importSigningKey, keyRecord, makeKeyPair } from "./keys.ts";
import { type SigningKey, signMessage } from "./sign-message.ts";
import { keysForTests, verdictsOf } from "./verify.test-support.ts";

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const signing = { domain: "mesh.example", time: Date.UTC(2026, 10, 25) };
const { keys, records } = await keysForTests();

const LETTER = [
  "Date: Wed, 25 Nov 2026 00:00:00 +0000",
  "From: Alice <alice@mesh.example>",
  "To: zoe@far.example",
  "Subject: Hello",
  "Message-ID: <1@mesh.example>",
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=utf-8",
  "",
  "Good  morning.  ",
  "",
  "",
].join("\r\n");

const sign = async (letter: string, by: SigningKey[] = keys) =>
  Buffer.from(await signMessage(bytesOf(letter), by, signing)).toString("latin1");

const verify = async (letter: string) => verdictsOf(Buffer.from(letter, "latin1"), records);

describe("a signed message", () => {
  it("verifies by both keys", async () => {
    expect(await verify((await sign(LETTER)) + LETTER)).toEqual(["rsa-sha256 pass", "ed25519-sha256 pass"]);
  });

  it("is signed the same way each time", async () => {
    expect(await sign(LETTER)).toBe(await sign(LETTER));
  });

  it("has lines of at most 78 characters, in CRLF, and a time in seconds", async () => {
    const fields = await sign(LETTER);
    for (const line of fields.replace(/\r\n$/, "").split("\r\n")) expect(line).toMatch(/^[\t !-~]{2,78}$/);
    expect(fields).toContain("t=1795564800;");
  });

  it("verifies when the relay mends line ends, and folds the header anew", async () => {
    const bare = LETTER.replaceAll("\r\n", "\n");
    const mended = LETTER.replace("Content-Type: text/plain;", "Content-Type:  text/plain;\r\n\t");
    expect(await verify((await sign(bare)) + mended)).toEqual(["rsa-sha256 pass", "ed25519-sha256 pass"]);
  });

  it.each([
    ["a second From in front", (text: string) => `From: Eve <eve@evil.example>\r\n${text}`],
    ["a Reply-To that was not there", (text: string) => `Reply-To: eve@evil.example\r\n${text}`],
    ["a Cc that was not there", (text: string) => `Cc: eve@evil.example\r\n${text}`],
    ["another Content-Type in front", (text: string) => `Content-Type: text/html\r\n${text}`],
    ["another subject", (text: string) => text.replace("Hello", "Hallo")],
    ["another body", (text: string) => text.replace("morning", "evening")],
    ["something behind it", (text: string) => `${text}More\r\n`],
  ])("does not verify any more with %s", async (_, change) => {
    const verdicts = await verify((await sign(LETTER)) + change(LETTER));
    expect(verdicts.filter((verdict) => verdict.endsWith("pass"))).toEqual([]);
  });

  it("may get the trace of each hop and the fields of a list", async () => {
    const more =
      "Received: from a by b; Wed, 25 Nov 2026 00:00:01 +0000\r\nList-Unsubscribe: <https://list.example/u>\r\n";
    expect(await verify(more + (await sign(LETTER)) + LETTER)).toEqual(["rsa-sha256 pass", "ed25519-sha256 pass"]);
  });

  it("has its one-click unsubscribing covered and closed (RFC 8058 §4)", async () => {
    const unsubscribe =
      "List-Unsubscribe: <https://mesh.example/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
    const signed = await sign(unsubscribe + LETTER);
    expect(signed.replaceAll(/\s/g, "")).toContain(
      "List-Unsubscribe:List-Unsubscribe:List-Unsubscribe-Post:List-Unsubscribe-Post;",
    );
    expect(await verify(signed + unsubscribe + LETTER)).toEqual(["rsa-sha256 pass", "ed25519-sha256 pass"]);
    const another = `List-Unsubscribe: <https://evil.example/>\r\n${signed}${unsubscribe}${LETTER}`;
    expect((await verify(another)).filter((verdict) => verdict.endsWith("pass"))).toEqual([]);
  });
});

describe("keys", () => {
  it("that were made sign, and their records verify", async () => {
    const made = await Promise.all((["rsa-sha256", "ed25519-sha256"] as const).map(makeKeyPair));
    const own = await Promise.all(made.map((pair, n) => importSigningKey(`s${n}`, pair)));
    const published = new Map(made.map((pair, n) => [`s${n}._domainkey.mesh.example`, keyRecord(pair)]));
    const raw = Buffer.from((await sign(LETTER, own)) + LETTER, "latin1");
    expect(await verdictsOf(raw, published)).toEqual(["rsa-sha256 pass", "ed25519-sha256 pass"]);
  });
});

it("signs 25 MB in one pass", async () => {
  const letter = new Uint8Array(Buffer.concat([Buffer.from(LETTER), Buffer.alloc(25_000_000, "a b  c\r\n")]));
  const start = performance.now();
  await signMessage(letter, keys, signing);
  expect(performance.now() - start).toBeLessThan(5_000);
});
