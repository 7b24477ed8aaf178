/** Inflating as Workers do it: their DecompressionStream takes whatever it is given, and keeps it. */
import { describe, expect, it } from "vitest";
import { type ByteSource, inflated } from "../../mail/archive/byte-source.ts";

const MEGABYTE = 1024 * 1024;
const CHUNK = 256 * 1024;

/** What does not deflate, so that places in the file and in what it inflates to are much the same. */
function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A file that knows how much of it was asked for. */
function watched(bytes: Uint8Array): ByteSource & { asked: number } {
  return {
    size: bytes.byteLength,
    asked: 0,
    async *read(from) {
      for (let at = from; at < bytes.byteLength; at += CHUNK) {
        this.asked = Math.min(bytes.byteLength, at + CHUNK);
        yield bytes.subarray(at, at + CHUNK);
      }
    },
  };
}

describe("what is inflated", () => {
  it("is asked for as it is read, never the whole file ahead", async () => {
    const file = watched(await gzip(randomBytes(8 * MEGABYTE)));
    let [read, ahead] = [0, 0];
    for await (const chunk of inflated(file, "gzip").read(0)) {
      read += chunk.byteLength;
      ahead = Math.max(ahead, file.asked - read);
    }
    expect(read).toBe(8 * MEGABYTE);
    expect(ahead).toBeLessThan(2 * CHUNK);
  });

  it("comes up to the place where the file is cut short, and then says so", async () => {
    const bytes = randomBytes(2 * MEGABYTE);
    const file = await gzip(bytes);
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const reading = async () => {
      for await (const chunk of inflated(watched(file.subarray(0, MEGABYTE)), "gzip").read(0))
        pieces.push(chunk.slice());
    };
    await expect(reading()).rejects.toMatchObject({ reason: "cut_short" });
    const read = new Uint8Array(await new Blob(pieces).arrayBuffer());
    // Deflate itself holds back a block of 64 KiB at most.
    expect(read.byteLength).toBeGreaterThan(MEGABYTE - 2 * 65_536);
    expect(read).toEqual(bytes.subarray(0, read.byteLength));
  });
});
