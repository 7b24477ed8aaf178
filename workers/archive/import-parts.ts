/** A file in parts in R2, read from any place in blocks, the last few of which are remembered. */
import { importPartKey } from "../../contract/r2-keys.ts";
import type { ByteSource } from "../../mail/archive/byte-source.ts";
import type { Env } from "../env.ts";

/** An archive of small files is read here and there: without blocks each look would be a request of its own. */
const BLOCK = 1024 * 1024;
const KEPT_BLOCKS = 4;

export function partsSource(env: Env, userId: string, importId: string, parts: number[]): ByteSource {
  const starts = parts.map((_size, n) => parts.slice(0, n).reduce((sum, size) => sum + size, 0));
  const size = parts.reduce((sum, part) => sum + part, 0);
  const kept = new Map<string, Uint8Array>();

  /** From a place to the end of its block, or of its part. */
  async function chunkAt(at: number): Promise<Uint8Array> {
    const part = starts.findLastIndex((start) => start <= at);
    const inPart = at - (starts[part] ?? 0);
    const block = Math.floor(inPart / BLOCK);
    const name = `${part}/${block}`;
    const bytes = kept.get(name) ?? (await fetchBlock(part, block));
    kept.delete(name);
    kept.set(name, bytes);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_BLOCKS && oldest !== undefined) kept.delete(oldest);
    return bytes.subarray(inPart - block * BLOCK);
  }

  async function fetchBlock(part: number, block: number): Promise<Uint8Array> {
    const offset = block * BLOCK;
    const range = { offset, length: Math.min(BLOCK, (parts[part] ?? 0) - offset) };
    const object = await env.MAIL.get(importPartKey(userId, importId, part), { range });
    if (object === null) throw new Error(`part ${part} of import ${importId} is gone`);
    return new Uint8Array(await object.arrayBuffer());
  }

  return {
    size,
    async *read(from) {
      for (let at = from; at < size; ) {
        const chunk = await chunkAt(at);
        yield chunk;
        at += chunk.byteLength;
      }
    },
  };
}
