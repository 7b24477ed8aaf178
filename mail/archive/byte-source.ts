/**
 * Bytes that can be read again from any place: a file in parts, an entry of an archive, what either inflates to. This
 * is what lets an import stop after any message and go on later from a number.
 */
import { ArchiveError } from "./archive-error.ts";
import { inflate } from "./inflate.ts";

export interface ByteSource {
  /** Null where it is known only at the end, as of what inflates. */
  readonly size: number | null;
  /** The bytes from a place on, in chunks. Whoever stops reading early ends the reading below. */
  read(from: number): AsyncIterable<Uint8Array>;
}

/** Bytes in memory, cut into chunks: tests cut them at every place. */
export function bytesSource(bytes: Uint8Array, chunkSize = 65_536): ByteSource {
  return {
    size: bytes.byteLength,
    async *read(from) {
      for (let at = from; at < bytes.byteLength; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
    },
  };
}

/** A stretch of another source: a stored entry of an archive. */
export function stretchOf(source: ByteSource, start: number, size: number): ByteSource {
  return {
    size,
    async *read(from) {
      let left = size - from;
      if (left <= 0) return;
      for await (const chunk of source.read(start + from)) {
        yield chunk.subarray(0, left);
        left -= chunk.byteLength;
        if (left <= 0) return;
      }
    },
  };
}

/**
 * An honest mailbox deflates to a fifth, base64 and all; DEFLATE reaches 1:1032. What inflates to more than this many
 * times its size, after an allowance for small files, is there to fill our disks.
 */
const MAX_RATIO = 200;
const ALLOWANCE = 64 * 1024 * 1024;

/**
 * What compressed bytes inflate to. Nothing can begin in the middle of a deflated stream, so going back inflates from
 * the beginning once more; going on does not. One reader at a time.
 */
export function inflated(source: ByteSource, format: "deflate-raw" | "gzip"): ByteSource {
  const limit = ALLOWANCE + MAX_RATIO * (source.size ?? 0);
  let open: Inflating | null = null;

  async function advance(): Promise<Inflating | null> {
    open ??= { chunks: inflate(source.read(0), format), chunk: new Uint8Array(), at: 0 };
    const next = await open.chunks.next();
    if (next.done) return null;
    open.at += open.chunk.byteLength;
    open.chunk = next.value;
    if (open.at + open.chunk.byteLength <= limit) return open;
    throw new ArchiveError("inflates_too_much", `more than ${MAX_RATIO} times its size`);
  }

  return {
    size: null,
    async *read(from) {
      if (open !== null && from < open.at) {
        await open.chunks.return();
        open = null;
      }
      for (let inflating = open ?? (await advance()); inflating !== null; inflating = await advance()) {
        const skip = from - inflating.at;
        if (skip < inflating.chunk.byteLength) yield inflating.chunk.subarray(Math.max(0, skip));
      }
    },
  };
}

interface Inflating {
  chunks: AsyncGenerator<Uint8Array, void, void>;
  /** The last chunk, and where it begins: an archive's next header is often in it. */
  chunk: Uint8Array;
  at: number;
}
