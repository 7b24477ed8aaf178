/** What comes in is what is given back, byte for byte, behind the trace fields that this mesh adds. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { IngestReply } from "../../contract/ingest.ts";
import { short } from "./answers.ts";
import { type Account, aDomain, aLetter, anAccount, fetchMesh, INGEST_SECRET, ingest, lines } from "./mesh.ts";

const ZOE = "zoe@far.example";
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

async function rawOf(account: Account, id = ""): Promise<Uint8Array> {
  const answer = await account.call("GET", `/messages/${id}/raw`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The newest message as it is given back, in characters of a byte each: the trace fields, and what follows them. */
async function newest(account: Account): Promise<{ trace: string; bytes: Uint8Array }> {
  const [message] = await account.messages();
  const raw = await rawOf(account, message?.id);
  const text = new TextDecoder("latin1").decode(raw.subarray(0, 2000));
  const trace = /^Return-Path: .*\r\nReceived: .*\r\n(\t.*\r\n)*/.exec(text)?.[0] ?? "";
  expect(message?.size).toBe(raw.byteLength);
  return { trace, bytes: raw.subarray(trace.length) };
}

/** Equal, without the minutes that a matcher takes for megabytes. */
function expectSame(given: Uint8Array, expected: Uint8Array): void {
  expect(given.byteLength).toBe(expected.byteLength);
  expect(given.findIndex((byte, at) => byte !== expected[at])).toBe(-1);
}

const header = lines(`From: ${ZOE}`, "Subject: Bytes", "Content-Type: text/plain; charset=utf-8", "");

describe("a message comes back as it came", () => {
  it.each([
    ["with 8-bit bytes that are no UTF-8", latin1(`${header}\xff\xfe\xc3\x28\xa0\xe9\r\n`)],
    ["with 8-bit bytes in the header", latin1(`Subject: Gr\xfc\xdfe \xff\r\nX-\xe9: \x80\r\n\r\nHello\r\n`)],
    ["with NUL bytes", latin1(`Subject: a\0b\r\n\0: x\r\n\r\n\0\0\0\r\n`)],
    ["with bare line feeds", latin1("Subject: LF\n\nOne\nTwo\r\nThree\n")],
    ["with bare carriage returns", latin1("Subject: CR\r\rOne\rTwo\r\n\rThree")],
    ["without a header", latin1("\r\nOnly a body.\r\n")],
    ["without a body", latin1("Subject: Nothing follows")],
    ["of two empty lines", latin1("\r\n\r\n")],
    ["that begins with a continuation line", latin1(" folded into nothing\r\nSubject: x\r\n\r\nbody")],
    ["with a mailbox's From line in front", latin1(`From zoe@far.example Tue Nov 24 03:00:00 2026\r\n${header}Hi`)],
    ["with a byte-order mark", latin1(`\xef\xbb\xbf${header}Hi\r\n`)],
    ["with dots that SMTP would double", latin1(`${header}.\r\n..\r\n.dot\r\n`)],
    ["with a line of 100,000 bytes", latin1(`${header}${"x".repeat(100_000)}\r\n`)],
  ])("%s", async (_name, raw) => {
    const alice = await anAccount();
    expect(short(await ingest(ZOE, alice.email, raw))).toEqual(["accepted"]);
    expectSame((await newest(alice)).bytes, raw);
    const [message] = await alice.messages();
    expect((await alice.open(message?.id ?? "")).id).toBe(message?.id);
  });

  it.each([
    ["with a header of more than 2 MiB", latin1(`Subject: Long\r\nX-Long: ${"y ".repeat(1_200_000)}\r\n\r\nBody\r\n`)],
    [
      "with a header of a hundred thousand fields",
      latin1(`Subject: Many\r\n${"X-Many: 1\r\n".repeat(100_000)}\r\nBody\r\n`),
    ],
    [
      "with ten thousand recipients in To",
      latin1(`To: ${Array.from({ length: 10_000 }, (_, n) => `r${n}@far.example`).join(",\r\n ")}\r\n\r\nBody\r\n`),
    ],
    ["with every byte, many times", new Uint8Array(300_000).map((_, n) => (n * 31) % 256)],
  ])("%s", async (_name, raw) => {
    const alice = await anAccount();
    expect(short(await ingest(ZOE, alice.email, raw))).toEqual(["accepted"]);
    expectSame((await newest(alice)).bytes, raw);
  });
});

describe("the trace fields", () => {
  const through = async (query: Record<string, string>, to: string[], raw = aLetter()) => {
    const search = new URLSearchParams([...Object.entries(query), ...to.map((address) => ["to", address])]);
    const answer = await fetchMesh(`/ingest?${search}`, {
      method: "POST",
      headers: { authorization: `Bearer ${INGEST_SECRET}` },
      body: raw,
    });
    return short(IngestReply.parse(await answer.json()).recipients);
  };
  const DATE = String.raw`(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000`;
  const ID = `[0-9a-z]{9}-[0-9a-hjkmnp-tv-z]{10}`;
  const host = env.HOSTNAME.replaceAll(".", "\\.");

  it("say who sent it, from where, by whom and when", async () => {
    const alice = await anAccount();
    const hop = { from: ZOE, helo: "mx.far.example", remote_address: "2001:db8::25", protocol: "ESMTPS" };
    expect(await through(hop, [alice.email])).toEqual(["accepted"]);
    const expected = [
      `Return-Path: <${ZOE}>`,
      String.raw`Received: from mx\.far\.example \(\[IPv6:2001:db8::25\]\)`,
      String.raw`	by ${host} \(Mailmesh\)`,
      `	with ESMTPS id ${ID}`,
      `	for <${alice.email}>;`,
      `	${DATE}`,
    ];
    expect((await newest(alice)).trace).toMatch(new RegExp(`^${expected.map((line) => `${line}\r\n`).join("")}$`));
  });

  it("say only what is known", async () => {
    const alice = await anAccount();
    await through({ from: "" }, [alice.email]);
    const { trace } = await newest(alice);
    expect(trace).toMatch(
      new RegExp(`^Return-Path: <>\r\nReceived: by ${host} \\(Mailmesh\\)\r\n\tid ${ID}\r\n\tfor `),
    );
  });

  it("name a recipient to himself alone, and none where there are two", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await through({ from: ZOE }, [alice.email, bob.email]);
    for (const account of [alice, bob]) expect((await newest(account)).trace).toContain(`for <${account.email}>;`);
    expect((await newest(alice)).trace).not.toContain("bob");
    // RFC 5321 §4.4: one path at most.
    await through({ from: ZOE }, [alice.email, `alice+x@${domain}`]);
    expect((await newest(alice)).trace).not.toMatch(/\bfor\b/);
  });

  it("cannot be broken out of by what a client says of itself", async () => {
    const alice = await anAccount();
    const hop = {
      from: 'x>X-Evil: <"1"@far.example',
      helo: "evil)\r\nSubject: forged\r\n\r\nbody (",
      remote_address: "1.2.3.4])\r\nX-Evil: 2",
      protocol: "ESMTP",
    };
    expect(await through(hop, [alice.email])).toEqual(["accepted"]);
    const { trace, bytes } = await newest(alice);
    expect(trace.split("\r\n").filter((line) => !line.startsWith("\t"))).toEqual([
      'Return-Path: <x?X-Evil: ?"1"@far.example>',
      "Received: from evil???Subject:?forged????body?? ([IPv6:1.2.3.4])??X-Evil: 2])",
      "",
    ]);
    expect(new TextDecoder().decode(bytes)).toMatch(/^From: Zoe/);
    const [message] = await alice.messages();
    expect(message?.subject).toBe("Hello");
  });

  it("stand in front of the bytes and are counted in the size", async () => {
    const alice = await anAccount();
    const raw = aLetter();
    await through({ from: "zoë@far.example" }, [alice.email], raw);
    const [message] = await alice.messages();
    expect((await rawOf(alice, message?.id)).byteLength).toBe(message?.size);
    expect((await alice.open(message?.id ?? "")).return_path).toBe("zoë@far.example");
  });
});
