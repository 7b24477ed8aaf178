import { pbkdf2 } from "node:crypto";
/** Tar and zip files made by other programs, cut, damaged and hostile. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytesSource } from "./byte-source.ts";
import {
  ARCHIVE_START,
  type ArchiveItem,
  type ArchivePlace,
  formatOf,
  isGzip,
  type ReadOptions,
  readArchive,
} from "./read-archive.ts";

/** Archives that tar 1.34 and zip 3.0 wrote. */
const fixture = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures", name)));

async function read(
  bytes: Uint8Array,
  from: ArchivePlace = ARCHIVE_START,
  options: Partial<ReadOptions> = {},
  chunk = 1000,
) {
  const format = options.format ?? formatOf(bytes) ?? "eml";
  const items: ArchiveItem[] = [];
  const source = bytesSource(bytes, chunk);
  const all = { format, gzip: false, max_message_bytes: 1_000_000, ...options };
  for await (const item of readArchive(source, all, from)) if (item.kind !== "progress") items.push(item);
  return items;
}

const told = (items: ArchiveItem[]): string[] =>
  items
    .map((item) => {
      if (item.kind === "message")
        return `${item.message.where}: ${new TextDecoder().decode(item.message.bytes).trim()}`;
      return item.kind === "unreadable" ? `${item.where}: (${item.reason})` : "";
    })
    .map((line) => line.replace("./", ""))
    .sort();

const LONG = `Maildir/.${"x".repeat(90)}.${"y".repeat(90)}/cur/1764035182.a.host:2,S`;
const EXPECTED = [
  "Maildir/cur/1764035182.M1P1.host:2,S: Subject: one\n\n1",
  "Maildir/dovecot-uidlist: (not_a_message)",
  "Maildir/new/1764035183.M1P1.host: Subject: two\n\n2",
  `${LONG}: Subject: three\n\n3`,
].sort();

describe("a tar", () => {
  it.each(["gnu", "pax", "oldgnu"])("in the format %s is read with its long names", async (format) => {
    const bytes = fixture(`${format}.tar`);
    expect(formatOf(bytes)).toBe("tar");
    expect(told(await read(bytes))).toEqual(EXPECTED);
  });

  it("that is gzipped is read alike, and on from any place", async () => {
    const bytes = gzipSync(fixture("gnu.tar"));
    expect(isGzip(bytes)).toBe(true);
    const options = { format: "tar", gzip: true } as const;
    const whole = await read(bytes, ARCHIVE_START, options);
    expect(told(whole)).toEqual(EXPECTED);
    for (const [n, { next }] of whole.entries()) expect(await read(bytes, next, options)).toEqual(whole.slice(n + 1));
  });

  it("that is cut short gives what is whole, and says so", async () => {
    const bytes = fixture("gnu.tar");
    const inMessage = Buffer.from(bytes).lastIndexOf("Subject: ") + 5;
    expect(told(await read(bytes.subarray(0, inMessage)))).toContainEqual(expect.stringMatching(/\(cut_short\)$/));
    const inHeader = read(bytes.subarray(0, 100), ARCHIVE_START, { format: "tar" });
    await expect(inHeader).rejects.toMatchObject({ reason: "cut_short" });
  });

  it("that is none, or damaged in the middle, is told from one that ends", async () => {
    const options = { format: "tar" } as const;
    await expect(read(new Uint8Array(2048), ARCHIVE_START, options)).rejects.toMatchObject({
      reason: "not_an_archive",
    });
    await expect(read(new Uint8Array(2048).fill(65), ARCHIVE_START, options)).rejects.toMatchObject({
      reason: "not_an_archive",
    });
    const bytes = fixture("gnu.tar");
    const at = Buffer.from(bytes).lastIndexOf("ustar");
    bytes[at] = 0;
    await expect(read(bytes)).rejects.toMatchObject({ reason: "damaged" });
  });
});

describe("a zip", () => {
  it.each(["deflated", "stored", "streamed", "zip64"])("that is %s is read, and on from any place", async (name) => {
    const bytes = fixture(`${name}.zip`);
    const whole = await read(bytes);
    expect(told(whole)).toEqual([
      "Inbox/a.eml: Subject: a\n\nx",
      "Takeout/Mail/All mail.mbox, byte 0: Subject: c\n\nx",
      "Takeout/Mail/All mail.mbox, byte 55: Subject: d\n\ny",
      "Takeout/archive_browser.html: (not_a_message)",
      `Work/2024/b.eml: Subject: b\n\n${"long ".repeat(5000)}`.trim(),
    ]);
    for (const [n, { next }] of whole.entries()) expect(await read(bytes, next)).toEqual(whole.slice(n + 1));
    expect(await read(bytes, ARCHIVE_START, {}, 3)).toEqual(whole);
  });

  it("that is cut short has no directory, and throws", async () => {
    const bytes = aZip([{ path: "a.eml", content: "Subject: a\n\nx" }]);
    await expect(read(bytes.subarray(0, -30))).rejects.toMatchObject({ reason: "cut_short" });
  });

  it.each<[string, Partial<Made>, string]>([
    ["encrypted", { flags: 1 }, "encrypted"],
    ["compressed in a way that few know", { method: 93 }, "unknown_compression"],
    ["damaged", { data: new Uint8Array([1, 2, 3, 255, 255]) }, "damaged"],
    ["shorter than it says", { told: 1000 }, "cut_short"],
    ["not where it should be", { at: 3 }, "damaged"],
    ["empty", { content: "" }, "not_a_message"],
  ])("with a file that is %s gives the others", async (_what, made, reason) => {
    const bytes = aZip([
      { path: "bad.eml", content: "Subject: a\n\nx", ...made },
      { path: "good.eml", content: "Subject: b\n\ny" },
    ]);
    expect(told(await read(bytes))).toEqual([`bad.eml: (${reason})`, "good.eml: Subject: b\n\ny"]);
  });

  it("with a file that is damaged says so also where inflating has to wait", async () => {
    const bytes = aZip([{ path: "bad.eml", content: "", data: new Uint8Array([1, 2, 3, 255, 255]) }]);
    // More than Node has threads for.
    const others = Promise.all(Array.from({ length: 8 }, () => promisify(pbkdf2)("x", "salt", 100_000, 64, "sha512")));
    expect(told(await read(bytes))).toEqual(["bad.eml: (damaged)"]);
    await others;
  });

  it("that would inflate to more than a message may have is not inflated further", async () => {
    const data = new Uint8Array(deflateRawSync(new Uint8Array(200_000_000)));
    const begin = performance.now();
    const bytes = aZip([
      { path: "bomb.eml", data },
      { path: "good.eml", content: "Subject: b\n\ny" },
    ]);
    expect(told(await read(bytes))).toEqual(["bomb.eml: (too_large)", "good.eml: Subject: b\n\ny"]);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it("with an mbox that inflates without measure is given up", async () => {
    const start = new TextEncoder().encode("From x@y Sat Jan 01 12:00:00 2022\n");
    const data = new Uint8Array(deflateRawSync(Buffer.concat([start, Buffer.alloc(150_000_000, "line\n")])));
    const items = await read(
      aZip([
        { path: "bomb.mbox", data },
        { path: "good.eml", content: "Subject: b\n\ny" },
      ]),
      ARCHIVE_START,
      {},
      65_536,
    );
    expect(told(items)).toEqual([
      "bomb.mbox, byte 0: (too_large)",
      "bomb.mbox: (inflates_too_much)",
      "good.eml: Subject: b\n\ny",
    ]);
  });

  it("gives what could not be fetched as what it is, and not as damage", async () => {
    const bytes = fixture("deflated.zip");
    const source = bytesSource(bytes);
    const broken = {
      size: source.size,
      read: (from: number) => {
        if (from < 200)
          return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("the store is away")) }) };
        return source.read(from);
      },
    };
    const reading = async () => {
      for await (const _item of readArchive(
        broken,
        { format: "zip", gzip: false, max_message_bytes: 1000 },
        ARCHIVE_START,
      ));
    };
    await expect(reading()).rejects.toThrow("the store is away");
  });
});

describe("what a file is", () => {
  it.each([
    ["From x Sat Jan 01 12:00:00 2022\n", "mbox"],
    ["\r\nFrom x", "mbox"],
    ["Received: by x", "eml"],
    ["PK\u0003\u0004", "zip"],
    ["%PDF-1.7", null],
    ["", null],
  ])("%j begins as %s", (text, format) => expect(formatOf(new TextEncoder().encode(text))).toBe(format));

  it("may be one message", async () => {
    const message = new TextEncoder().encode("Subject: a\r\n\r\nFrom here on\r\n");
    const [item, ...others] = await read(message);
    expect(item).toMatchObject({ message: { bytes: message, flags: { is_read: true } } });
    expect(others).toEqual([]);
    expect(await read(message, item?.next)).toEqual([]);
  });
});

interface Made {
  path: string;
  content: string;
  data: Uint8Array;
  method: number;
  flags: number;
  told: number;
  at: number;
}

/** A zip whose directory says what a test wants it to. */
function aZip(files: Partial<Made>[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { path = "", content = "", data, method = data ? 8 : 0, flags = 0, told, at: toldAt } of files) {
    const body = Buffer.from(data ?? new TextEncoder().encode(content));
    const name = Buffer.from(path);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.byteLength, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(body.byteLength, 20);
    entry.writeUInt32LE(told ?? body.byteLength, 24);
    entry.writeUInt16LE(name.byteLength, 28);
    entry.writeUInt32LE(toldAt ?? at, 42);
    parts.push(local, name, body);
    directory.push(entry, name);
    at += 30 + name.byteLength + body.byteLength;
  }
  const size = Buffer.concat(directory).byteLength;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}
