/** The bytes that came are the bytes that are handed over, and nothing but CR LF "." CR LF ends them. */
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useListener } from "../testing/listener-fixture.ts";
import { type SmtpDialogue, stuffed } from "../testing/smtp-dialogue.ts";

const gateway = useListener();

async function handedOver(message: Buffer, pieces: number[] = [], open?: SmtpDialogue): Promise<Buffer | undefined> {
  const client = open ?? (await gateway.dialogue());
  await client.data("a@b.test", "bob@mesh.test");
  const wire = Buffer.concat([
    stuffed(message),
    Buffer.from(message.subarray(-2).equals(CRLF) ? ".\r\n" : "\r\n.\r\n"),
  ]);
  let at = 0;
  for (const piece of pieces) {
    client.write(wire.subarray(at, at + piece));
    at += piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.write(wire.subarray(at));
  expect(await client.reply()).toMatch(/^250 2\.0\.0 /);
  return gateway.mesh.posts.at(-1)?.body;
}

const CRLF = Buffer.from("\r\n");
const withEnd = (message: Buffer) => (message.subarray(-2).equals(CRLF) ? message : Buffer.concat([message, CRLF]));

describe("a message", () => {
  it.each([
    ["with 8-bit and NUL bytes", Buffer.from(Array.from({ length: 1024 }, (_, n) => n % 256))],
    ["of dots", Buffer.from(".\r\n..\r\n...\r\n.a\r\n\r\n.\r\n")],
    ["that begins with a dot", Buffer.from(".first\r\n")],
    ["of one empty line", Buffer.from("\r\n")],
    ["with a line of 100,000 octets", Buffer.from(`Subject: long\r\n\r\n${"é".repeat(50_000)}\r\n`)],
    ["with bare CR and bare LF", Buffer.from("a\nb\rc\r\rd\n\ne\r\n")],
    ["without a line end at its end", Buffer.from("no end")],
    ["of 3 MB", withEnd(randomBytes(3_000_000))],
  ])("%s arrives as it was sent", async (_name, message) => {
    const body = await handedOver(message);
    expect(body?.equals(withEnd(message))).toBe(true);
  });

  it("arrives as it was sent wherever the network cuts it", async () => {
    const bytes = fc.array(fc.constantFrom("\r\n", ".", "\r\n.", "\r", "x", "\0", "\n", "\xff"), {
      minLength: 1,
      maxLength: 30,
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 });
    const client = await gateway.dialogue();
    await fc.assert(
      fc.asyncProperty(bytes, cuts, async (parts, pieces) => {
        const message = Buffer.from(parts.join(""), "latin1");
        expect((await handedOver(message, pieces, client))?.toString("latin1")).toBe(
          withEnd(message).toString("latin1"),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("loses one of two dots after a bare LF, as senders of bare LF double them there", async () => {
    const client = await gateway.dialogue();
    await client.data("a@b.test", "bob@mesh.test");
    client.write("one\n..two\n.three\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250 /);
    expect(gateway.mesh.posts[0]?.body.toString()).toBe("one\n.two\n.three\r\n");
  });

  it("of 250,000 lines that begin with a dot takes seconds", async () => {
    const started = performance.now();
    const message = Buffer.from(".\r\n".repeat(250_000));
    expect((await handedOver(message))?.equals(message)).toBe(true);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it("may be pipelined with its whole transaction and the next one", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    const transaction = (n: number) =>
      `MAIL FROM:<a@b.test>\r\nRCPT TO:<bob@mesh.test>\r\nDATA\r\nnumber ${n}\r\n.\r\n`;
    client.write(`${transaction(1)}${transaction(2)}QUIT\r\n`);
    const codes: string[] = [];
    for (let n = 0; n < 9; n++) codes.push((await client.reply()).slice(0, 3));
    expect(codes).toEqual(["250", "250", "354", "250", "250", "250", "354", "250", "221"]);
    expect(gateway.mesh.posts.map((call) => call.body.toString())).toEqual(["number 1\r\n", "number 2\r\n"]);
  });
});

describe("SMTP smuggling (RFC 5321 §2.3.8, §4.1.1.4)", () => {
  const smuggled = "MAIL FROM:<ceo@mesh.test>\r\nRCPT TO:<bob@mesh.test>\r\nDATA\r\nforged\r\n";

  it.each(["\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\n.\r", "\r\n\0.\r\n", "\r\n.\0\r\n"])(
    "%j does not end a message",
    async (ending) => {
      const client = await gateway.dialogue();
      await client.data("a@b.test", "bob@mesh.test");
      client.write(`first${ending}${smuggled}`);
      expect(await client.staysSilent()).toBe(true);
      client.write("last\r\n.\r\n");
      expect(await client.reply()).toMatch(/^250 /);
      expect(gateway.mesh.posts.map((call) => call.body.toString("latin1"))).toEqual([
        `first${ending}${smuggled}last\r\n`,
      ]);
    },
  );

  it("a client that leaves in the middle hands nothing over", async () => {
    const client = await gateway.dialogue();
    await client.data("a@b.test", "bob@mesh.test");
    client.write("half a mess");
    await client.staysSilent(50);
    client.end();
    const next = await gateway.dialogue();
    await next.say("NOOP");
    expect(gateway.mesh.posts).toEqual([]);
    expect(gateway.reports).toEqual([]);
  });
});
