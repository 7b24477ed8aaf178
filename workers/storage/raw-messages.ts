/** The bytes of messages in R2: written before anything refers to them, read back exactly. */
import { blobLocation, parseRawLocation, rawKey } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import type { Env } from "../env.ts";

/**
 * From this size on, the same bytes in several mailboxes are stored once. Below it, the Blob's own cost (an object of
 * its own for each hash) is more than what it saves.
 */
const SHARED_FROM_BYTES = 128 * 1024;

/** Names that sort by time: a person who looks into the bucket sees what came when. */
const timeName = (now: number) => `${now.toString(36).padStart(9, "0")}-${randomId(10)}`;

/** Stores the bytes for one mailbox and returns their location (`message.raw_key`). */
export async function storeRaw(env: Env, userId: string, bytes: Uint8Array<ArrayBuffer>, now: number): Promise<string> {
  const name = timeName(now);
  if (bytes.byteLength < SHARED_FROM_BYTES) {
    const key = rawKey(userId, name);
    await env.MAIL.put(key, bytes);
    return key;
  }
  const hash = await sha256Hex(bytes);
  await env.BLOB.getByName(hash).refer(userId, name, hash, bytes);
  return blobLocation(hash, name);
}

/** Takes back what `storeRaw` stored, when no message came to refer to it. */
export async function discardRaw(env: Env, userId: string, location: string): Promise<void> {
  const raw = parseRawLocation(location);
  if (raw.kind === "raw") await env.MAIL.delete(raw.key);
  else await env.BLOB.getByName(raw.sha256).release(userId, raw.reference, raw.sha256);
}

/** The stored bytes, without the added fields. Throws when they are gone: that is never an expected state. */
export async function readRaw(env: Env, location: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await requireObject(env, location)).arrayBuffer());
}

/** The stored bytes, or null when they were deleted: for work that may come again after all of it was done. */
export async function findRaw(env: Env, location: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const object = await env.MAIL.get(parseRawLocation(location).key);
  return object && new Uint8Array(await object.arrayBuffer());
}

/** The message as it is given back: the added fields, then the bytes that came. Never held in memory as a whole. */
export async function streamRaw(env: Env, location: string, addedFields: string): Promise<ReadableStream<Uint8Array>> {
  const object = await requireObject(env, location);
  const { readable, writable } = new FixedLengthStream(object.size + new TextEncoder().encode(addedFields).byteLength);
  const writeAll = async () => {
    const writer = writable.getWriter();
    await writer.write(new TextEncoder().encode(addedFields));
    writer.releaseLock();
    await object.body.pipeTo(writable);
  };
  // A reader that goes away ends the pipe; there is nobody left to tell.
  writeAll().catch((error: unknown) => console.warn("raw message not read to its end", error));
  return readable;
}

async function requireObject(env: Env, location: string): Promise<R2ObjectBody> {
  const { key } = parseRawLocation(location);
  const object = await env.MAIL.get(key);
  if (object === null) throw new Error(`no bytes at ${key}`);
  return object;
}
