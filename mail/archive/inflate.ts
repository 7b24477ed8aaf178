/**
 * Inflating at the reader's pace. A DecompressionStream in Workers knows no back-pressure: what is piped into it is
 * inflated at once and kept, a whole archive in the memory of one isolate, and where the data turns out to be damaged
 * or cut short, all that was kept is thrown away. So it gets a piece when a read finds nothing, and not before.
 */
import { ArchiveError } from "./archive-error.ts";

/** One piece inflates to some 200 kB of mail, and to 66 MB at the very most (DEFLATE reaches 1:1032). */
const PIECE_BYTES = 64 * 1024;

export async function* inflate(
  compressed: AsyncIterable<Uint8Array>,
  format: "deflate-raw" | "gzip",
): AsyncGenerator<Uint8Array, void, void> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const pieces = inPieces(compressed);
  let isOver = false;
  try {
    for (;;) {
      const reading = reader.read().catch((error: unknown) => {
        if (isOver && !isDamage(error)) return new ArchiveError("cut_short", "the compressed data ends too early");
        return new ArchiveError("damaged", `the compressed data is damaged: ${String(error)}`);
      });
      while (!isOver && !(await isAnswered(reading))) {
        const piece = await pieces.next();
        isOver = piece.done === true;
        // Whoever reads hears of a failure. To wait here is to wait for the reader, in Node.
        void (piece.done ? writer.close() : writer.write(piece.value)).catch(() => undefined);
      }
      const read = await reading;
      if (read instanceof ArchiveError) throw read;
      if (read.done) return;
      yield read.value;
    }
  } finally {
    // Whoever stopped early wants no more; how the rest would have gone is of no interest.
    await Promise.allSettled([pieces.return(), reader.cancel()]);
  }
}

/** Node inflates in another thread, and what it found in what it had may come after the end was said. */
const isDamage = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "Z_DATA_ERROR";

/** Without waiting longer than what is inflated already takes to come. */
async function isAnswered(reading: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), 0);
  });
  const answered = await Promise.race([reading.then(() => true), turn]);
  clearTimeout(timer);
  return answered;
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES)
      yield new Uint8Array(chunk.subarray(at, at + PIECE_BYTES));
  }
}
