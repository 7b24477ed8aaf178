import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource } from "./byte-source.ts";
import { MBOX_START, type MboxPlace, readMbox } from "./mbox-reader.ts";
import { type Exported, toMbox } from "./mbox-writer.ts";
import { takeOwnMark } from "./own-mark.ts";

const MAX = 1_000_000;
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

async function items(mbox: string | Uint8Array, chunk = 7, from: MboxPlace = MBOX_START, max = MAX) {
  const source = bytesSource(typeof mbox === "string" ? encode(mbox) : mbox, chunk);
  const found = [];
  for await (const item of readMbox(source, from, max)) found.push(item);
  return found;
}

const messagesIn = async (...args: Parameters<typeof items>): Promise<string[]> =>
  (await items(...args)).flatMap((item) => (item.kind === "message" ? [decode(item.bytes)] : [`(${item.kind})`]));

const FROM = "From zoe@far.example Wed Nov 25 01:46:22 2026\n";

describe("an mbox", () => {
  it.each([1, 2, 3, 5, 64, 4096])("is read alike in chunks of %i bytes", async (chunk) => {
    const mbox = `${FROM}Subject: a\n\nOne.\n\n${FROM}Subject: b\n\n>From here\n\nTwo.\n\n`;
    expect(await messagesIn(mbox, chunk)).toEqual(["Subject: a\n\nOne.\n", "Subject: b\n\nFrom here\n\nTwo.\n"]);
  });

  it("may have CRLF, no end, and empty lines in front", async () => {
    const mbox = `\n\n${FROM}Subject: a\n\nOne.\n\n${FROM}Subject: b\n\nTwo`.replaceAll("\n", "\r\n");
    expect(await messagesIn(mbox)).toEqual(["Subject: a\r\n\r\nOne.\r\n", "Subject: b\r\n\r\nTwo"]);
  });

  it.each([
    ["a sentence", "Subject: a\n\n\nFrom here on it rains.\n"],
    ["a sentence with a time", "Subject: a\n\n\nFrom 10:30 on, until 2024, it rains.\n"],
    ["a line that no empty one precedes", `Subject: a\n\nx\n${FROM}`],
  ])("is not cut at %s", async (_what, message) => {
    expect(await messagesIn(`${FROM}${message}\n${FROM}Subject: b\n\nx\n`)).toEqual([message, "Subject: b\n\nx\n"]);
  });

  it.each([
    "From - Tue Nov 24 10:00:00 2026",
    "From 1234567890@xxx Sat Jan 01 12:00:00 +0000 2022",
    "From zoe@far.example Sat, 01 Jan 2022 12:00:00 +0000",
    "From MAILER-DAEMON Fri Jul  8 12:08:34 2011",
    "From nobody",
  ])("is cut at %s", async (line) => {
    expect(await messagesIn(`${FROM}Subject: a\n\nx\n\n${line}\nSubject: b\n\ny\n`)).toHaveLength(2);
  });

  it("has one > taken from each quoted line, and from no other", async () => {
    const mbox = `${FROM}Subject: a\n\n>From a\n>>From b\n> From c\n>from d\n>Fro\n`;
    expect(await messagesIn(mbox)).toEqual(["Subject: a\n\nFrom a\n>From b\n> From c\n>from d\n>Fro\n"]);
  });

  it("that is none throws", async () => {
    await expect(items("Subject: a\n\nx\n")).rejects.toMatchObject({ reason: "not_an_archive" });
    expect(await items("")).toEqual([]);
  });
});

describe("Content-Length", () => {
  const body = `Forwarded:\n\n${FROM}Subject: inner\n\n>From x\n`;
  const message = `Subject: a\nContent-Length: ${body.length}\n\n${body}`;
  const second = "Subject: b\nContent-Length: 2\n\ny\n";

  it("says where a body ends that quotes nothing (mboxcl2)", async () => {
    expect(await messagesIn(`${FROM}${message}\n${FROM}${second}\n`)).toEqual([message, second]);
    expect(await messagesIn(`${FROM}${message}${FROM}${second}`)).toEqual([message, second]);
  });

  it("counts the quotes of a body that has some (mboxcl)", async () => {
    const quoted = "Subject: a\nContent-Length: 9\n\n>From me\n";
    expect(await messagesIn(`${FROM}${quoted}\n`)).toEqual([quoted.replace(">", "")]);
  });

  it.each([0, 1, 5, 10_000])("of %i is not believed where it is wrong", async (length) => {
    const wrong = `Subject: a\nContent-Length: ${length}\n\nOne.\n\nTwo.\n`;
    expect(await messagesIn(`${FROM}${wrong}\n${FROM}${second}\n`)).toEqual([wrong, second]);
  });

  it("cannot swallow the messages behind it in a file whose other messages have none", async () => {
    const tail = `\n${FROM}${second}\n`;
    const hostile = `Subject: evil\nContent-Length: ${5 + tail.length - 1}\n\nHi..\n`;
    const mbox = `${FROM}Subject: plain\n\nx\n\n${FROM}${hostile}${tail}${FROM}Subject: c\n\nz\n`;
    expect(await messagesIn(mbox)).toHaveLength(4);
  });
});

describe("a message that is too large", () => {
  it("is passed over without being held, and the next one is read", async () => {
    const mbox = `${FROM}Subject: a\n\n${"x".repeat(300)}\n\n${FROM}Subject: b\n\ny\n`;
    expect(await messagesIn(mbox, 7, MBOX_START, 100)).toEqual(["(too_large)", "Subject: b\n\ny\n"]);
  });

  it("is passed over from its middle on", async () => {
    const mbox = `${FROM}Subject: a\n\n${"x\n".repeat(300)}\n\n${FROM}Subject: b\n\ny\n`;
    const [large] = await items(mbox, 7, MBOX_START, 100);
    expect(large?.kind).toBe("too_large");
    expect(await messagesIn(mbox, 7, large?.next, 100)).toEqual(["Subject: b\n\ny\n"]);
  });

  it("says from time to time how far it is", async () => {
    const mbox = `${FROM}Subject: a\n\n${"x".repeat(99)}\n`.padEnd(30_000_000, "line\n");
    const kinds = (await items(mbox, 65_536, MBOX_START, 1000)).map(({ kind }) => kind);
    expect(kinds).toEqual(["too_large", "progress", "progress", "progress"]);
  });
});

const EXPORTED: Exported = {
  ...{ added: 0, received_at: Date.UTC(2026, 10, 25, 1, 46, 22, 123), return_path: "zoe@far.example" },
  ...{ delivered_to: ["alice@mesh.test"], folders: [{ role: null, path: ["Réunions", "2024"] }] },
  ...{ is_read: true, is_flagged: true, is_draft: false, keywords: ["$answered"] },
};

describe("what Mailmesh writes", () => {
  /** Pieces that meet the format where it hurts. */
  const piece = fc.constantFrom(
    ...["\n", "\r\n", "\r", "From ", ">From ", ">>", "x", FROM, "Subject: a\n", "X-Mailmesh: {}\n", "\n\n", ">", "Ü"],
    ...["Content-Length: 5\n", "Content-Length: 200\n", "Status: RO\n"],
  );
  const message = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => encode(pieces.join(""))),
    fc.uint8Array({ maxLength: 60 }),
  );

  it("comes back byte for byte, whatever the messages and the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 90 }),
        async (all, chunk) => {
          const mbox = Buffer.concat(all.map((bytes) => toMbox(bytes, EXPORTED)));
          const read = (await items(mbox, chunk)).map(
            (item) => item.kind === "message" && takeOwnMark(item.from_line, item.bytes),
          );
          expect(read.map((own) => own && Array.from(own.bytes))).toEqual(all.map((bytes) => Array.from(bytes)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is read on from behind any message as from the beginning", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 2, maxLength: 6 }), async (all) => {
        const mbox = Buffer.concat(all.map((bytes) => toMbox(bytes, EXPORTED)));
        const whole = await items(mbox);
        for (const [n, { next }] of whole.entries()) expect(await items(mbox, 11, next)).toEqual(whole.slice(n + 1));
      }),
    );
  });

  it("keeps what the message was besides its bytes", async () => {
    const [item] = await items(toMbox(encode("Subject: a\r\n\r\nx\r\n"), EXPORTED));
    const own = item?.kind === "message" ? takeOwnMark(item.from_line, item.bytes) : null;
    expect(own?.mark).toMatchObject(EXPORTED);
    expect(decode(toMbox(encode("Subject: a\r\n\r\nx\r\n"), EXPORTED))).not.toContain("\r");
  });

  it("is believed of nobody else: a message says what it likes of itself", async () => {
    const own = toMbox(encode("Subject: a\n\nx\n"), EXPORTED);
    const copied = decode(own).replace(" remote from mailmesh", "");
    expect(await messagesIn(copied)).toEqual([copied.slice(copied.indexOf("\n") + 1, -1)]);
    const [item] = await items(copied);
    expect(item?.kind === "message" && takeOwnMark(item.from_line, item.bytes)).toBeNull();
  });

  it("is a message as it stands once another program has changed it", async () => {
    const changed = decode(toMbox(encode("Subject: a\n\nx\n"), EXPORTED)).replace(
      "x\n",
      "x\nadded by another program\n",
    );
    const [item] = await items(changed);
    expect(item?.kind === "message" && takeOwnMark(item.from_line, item.bytes)).toBeNull();
  });
});

it("reading takes time in proportion to the size", async () => {
  const hostile = [
    ">".repeat(2_000_000),
    "From \n\n".repeat(200_000),
    `${FROM}\n`.repeat(40_000),
    "\n".repeat(2_000_000),
  ];
  for (const body of hostile) {
    const begin = performance.now();
    await items(`${FROM}Subject: a\n\n${body}`, 65_536, MBOX_START, 30_000_000);
    expect(performance.now() - begin).toBeLessThan(5000);
  }
});
