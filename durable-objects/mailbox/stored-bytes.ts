/**
 * The bytes of a message as this object reads them again: see contract/split-manifest.ts for those that are stored in
 * parts. Null where they are not there, or are not what was stored: that is never an expected state, and whoever asks
 * has to go on with the next message. An R2 that does not answer throws: it is to be asked again.
 */
import { blobKey, parseRawLocation } from "../../contract/r2-keys.ts";
import { type Skeleton, unpackSkeleton } from "../../contract/split-manifest.ts";
import { joinWhole } from "../../mail/split/join-message.ts";
import type { ObjectEnv } from "../env.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** No header that says anything is longer. */
const HEADER_BYTES = 64 * 1024;

/** The header, and perhaps some of the body. */
export async function readHeaderBytes(env: ObjectEnv, location: string): Promise<Bytes | null> {
  const { kind, key } = parseRawLocation(location);
  if (kind !== "split") return get(env, key, HEADER_BYTES);
  const split = await openSkeleton(env, key);
  const first = split?.manifest.parts[0];
  if (!split || !first) return null;
  // What is taken out of a message stands behind its header, unless all of it was.
  return first.at > 0 ? split.skeleton.subarray(0, first.at) : get(env, blobKey(first.sha256), HEADER_BYTES);
}

export async function readAllBytes(env: ObjectEnv, location: string): Promise<Bytes | null> {
  const { kind, key } = parseRawLocation(location);
  if (kind !== "split") return get(env, key);
  const split = await openSkeleton(env, key);
  if (split === null) return null;
  const parts = new Map<string, Bytes>();
  for (const { sha256 } of split.manifest.parts) {
    const part = parts.get(sha256) ?? (await get(env, blobKey(sha256)));
    if (part === null) return null;
    parts.set(sha256, part);
  }
  return asStored(key, () => joinWhole(split, ({ sha256 }) => [parts.get(sha256) ?? new Uint8Array()]));
}

async function openSkeleton(env: ObjectEnv, key: string): Promise<Skeleton | null> {
  const object = await get(env, key);
  return object && asStored(key, () => unpackSkeleton(object));
}

async function get(env: ObjectEnv, key: string, length?: number): Promise<Bytes | null> {
  const object = await env.MAIL.get(key, length === undefined ? {} : { range: { offset: 0, length } });
  if (object === null) console.error("bytes are not there", { key });
  return object && new Uint8Array(await object.arrayBuffer());
}

async function asStored<T>(key: string, read: () => T | Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    console.error("bytes are not those that were stored", { key }, error);
    return null;
  }
}
