/** Reads a message's bytes once, as bytes: decoding the raw stream as text would damage 8-bit bodies. */
import { MAX_MESSAGE_BYTES } from "../../contract/limits.ts";

/** The whole stream, or null as soon as it is longer than a message may be. */
export async function readBounded(
  stream: ReadableStream<Uint8Array>,
  limit: number = MAX_MESSAGE_BYTES,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
