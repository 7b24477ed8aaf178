/**
 * A large message, handed over so that nobody else waits for it: mailauth works through a chunk without a pause, and at a
 * bare LF, of which there may be millions, it makes a chunk of each line. So line ends are CRLF before it sees them, as it
 * would make them itself, and between chunks others have their turn.
 */
import { setImmediate } from "node:timers/promises";

const [CR, LF] = [0x0d, 0x0a];

export async function* inTurns(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  let last = 0;
  for (const chunk of chunks) {
    const whole = withCrlf(chunk, last);
    last = chunk.at(-1) ?? last;
    yield whole;
    await setImmediate();
  }
}

/** `before`: the byte in front of the chunk. */
function withCrlf(chunk: Buffer, before: number): Buffer {
  let bare = 0;
  for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) {
    if ((at === 0 ? before : chunk[at - 1]) !== CR) bare++;
  }
  if (bare === 0) return chunk;
  const whole = Buffer.allocUnsafe(chunk.length + bare);
  let to = 0;
  for (let at = 0; at < chunk.length; at++) {
    if (chunk[at] === LF && (at === 0 ? before : chunk[at - 1]) !== CR) whole[to++] = CR;
    whole[to++] = chunk[at] ?? 0;
  }
  return whole;
}
