/**
 * The bytes of messages in R2: written before anything refers to them, read back exactly. A small message is one object
 * of its mailbox. Of a large one that object is only what is left when its attachments, or all of it, are in Blobs,
 * once for everybody.
 */
import { blobKey, parseRawLocation, rawKey, splitName } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import { blobsOf, MAX_SPLIT_PARTS, packSkeleton } from "../../contract/split-manifest.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import { joinWhole } from "../../mail/split/join-message.ts";
import { asOnePart, prefixed, type Split, splitMessage } from "../../mail/split/split-message.ts";
import type { Env } from "../env.ts";
import { joinedStream, NoBytes, openSplit, partReader, requireObject } from "./split-parts.ts";

/** No mailbox has more of any message for itself: what is larger is in Blobs, in its parts or as a whole. */
const MAX_OWN_BYTES = 128 * 1024;

/**
 * A Blob's tables take 24 KiB; decoded, this much takes 24 KiB less than in base64: from here on no bytes are lost even
 * where nobody else has the file. See docs/decisions/0010-split-and-join.md.
 */
export const MIN_SHARED_BYTES = 64 * 1024;

const SPLIT_LIMITS = {
  min_content: MIN_SHARED_BYTES,
  max_parts: MAX_SPLIT_PARTS,
  max_skeleton: MAX_OWN_BYTES,
};

/** A message that is going to be stored, once or for several mailboxes: split, or small and each mailbox's own. */
export type Storable = { size: number } & (
  | { split: Split; bytes: null }
  | { split: null; bytes: Uint8Array<ArrayBuffer> }
);

export async function storable(bytes: Uint8Array<ArrayBuffer>): Promise<Storable> {
  const size = bytes.byteLength;
  const split = await splitMessage(bytes, SPLIT_LIMITS);
  if (split !== null) return { size, split, bytes: null };
  return size > MAX_OWN_BYTES ? { size, split: await asOnePart(bytes), bytes: null } : { size, split, bytes };
}

/** The same message with a field in front of it. What is shared of it stays the same. */
export function withField({ size, split, bytes }: Storable, field: Uint8Array): Storable {
  const larger = size + field.byteLength;
  if (split !== null) return { size: larger, split: prefixed(split, field), bytes: null };
  return { size: larger, split, bytes: concatBytes([field, bytes]) };
}

/** What mailboxes share of a message is stored. Each is to store this object for itself. */
export interface Shared {
  /** Names the message in this mesh. */
  id: string;
  name: string;
  object: Uint8Array<ArrayBuffer>;
}

/** What the bytes do not say, for whoever makes a mailbox anew from R2. */
export interface About {
  kind: "received" | "sent" | "draft";
  /** Trace fields, or Bcc on the sender's own copy. */
  added_fields: string;
}

/** An object of R2 says 8 KiB of itself at most. */
const MAX_ABOUT = 4096;

/** As R2 takes it: ASCII. What is too long is left out; its message would come back without it. */
function metadataOf({ kind, added_fields }: About): Record<string, string> {
  const fields = encodeURIComponent(added_fields);
  return fields.length > MAX_ABOUT ? { kind } : { kind, added_fields: fields };
}

/** Names that sort by time: a person who looks into the bucket sees what came when. */
const timeName = (now: number) => `${now.toString(36).padStart(9, "0")}-${randomId(10)}`;

/** The first step: the Blobs, with a reference of each of these mailboxes. Its own object comes next, for each. */
export async function storeShared(
  env: Env,
  userIds: string[],
  { bytes, split }: Storable,
  now: number,
): Promise<Shared> {
  const id = timeName(now);
  if (split === null) return { id, name: id, object: bytes };
  const name = splitName(id);
  const holders = userIds.map((user_id) => ({ user_id, reference: name }));
  // One after the other: a call takes a copy of what it carries, and nothing goes on when one has failed.
  for (const hash of blobsOf(split.manifest)) {
    const blob = env.BLOB.getByName(hash);
    const content = split.contents.get(hash);
    if (content !== undefined) await blob.refer(holders, hash, content);
    else if (!(await blob.share(holders, hash))) throw new NoBytes(blobKey(hash));
  }
  return { id, name, object: packSkeleton(split) };
}

/** The second step. Returns the location of the message in this mailbox (`message.raw_key`). */
export async function storeOwn(env: Env, userId: string, { name, object }: Shared, about?: About): Promise<string> {
  const key = rawKey(userId, name);
  await env.MAIL.put(key, object, about === undefined ? {} : { customMetadata: metadataOf(about) });
  return key;
}

/** Both steps for one mailbox. Without `about` it is nothing that a mailbox keeps: a forward, say. */
export async function storeMessage(
  env: Env,
  userId: string,
  message: Storable,
  now: number,
  about?: About,
): Promise<string> {
  return storeOwn(env, userId, await storeShared(env, [userId], message, now), about);
}

export async function storeRaw(
  env: Env,
  userId: string,
  bytes: Uint8Array<ArrayBuffer>,
  now: number,
  about?: About,
): Promise<string> {
  return storeMessage(env, userId, await storable(bytes), now, about);
}

/** Takes back what was stored, when no message came to refer to it. In the order of the Mailbox's own releasing. */
export async function discardRaw(env: Env, user_id: string, location: string): Promise<void> {
  const raw = parseRawLocation(location);
  const release = (sha256: string, reference: string) =>
    env.BLOB.getByName(sha256).release({ user_id, reference }, sha256);
  if (raw.kind === "blob") return release(raw.sha256, raw.reference);
  if (raw.kind === "split") {
    const split = await openSplit(env, raw.key);
    if (split === null) return;
    for (const sha256 of blobsOf(split.manifest)) await release(sha256, raw.reference);
  }
  await env.MAIL.delete(raw.key);
}

/** No header that says anything is longer. */
const HEADER_BYTES = 64 * 1024;

/** The header, and perhaps some of the body. */
export async function readHeader(env: Env, location: string): Promise<Uint8Array<ArrayBuffer>> {
  const { kind, key } = parseRawLocation(location);
  const split = kind === "split" ? await openSplit(env, key) : null;
  if (kind === "split" && split === null) throw new NoBytes(key);
  const [first] = split?.manifest.parts ?? [];
  // What is taken out of a message stands behind its header, unless all of it was.
  if (split && first && first.at > 0) return split.skeleton.slice(0, first.at);
  const place = first === undefined ? key : blobKey(first.sha256);
  const object = await env.MAIL.get(place, { range: { offset: 0, length: HEADER_BYTES } });
  if (object === null) throw new NoBytes(place);
  return new Uint8Array(await object.arrayBuffer());
}

/** The stored bytes, without the added fields. Throws when they are gone: that is never an expected state. */
export async function readRaw(env: Env, location: string): Promise<Uint8Array<ArrayBuffer>> {
  const { kind, key } = parseRawLocation(location);
  if (kind !== "split") return new Uint8Array(await (await requireObject(env, key)).arrayBuffer());
  const split = await openSplit(env, key);
  if (split === null) throw new NoBytes(key);
  return joinWhole(split, partReader(env));
}

/**
 * The stored bytes, or null when they were deleted: for work that may come again after all of it was done. A part that
 * is gone says the same, since it went only because its message was on its way out.
 */
export async function findRaw(env: Env, location: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readRaw(env, location);
  } catch (error) {
    if (error instanceof NoBytes) return null;
    throw error;
  }
}

/** The message as it is given back: the added fields, then the bytes that came. Never held in memory as a whole. */
export async function streamRaw(env: Env, location: string, addedFields: string): Promise<ReadableStream<Uint8Array>> {
  const { size, body } = await openRaw(env, location);
  const { readable, writable } = new FixedLengthStream(size + new TextEncoder().encode(addedFields).byteLength);
  const writeAll = async () => {
    const writer = writable.getWriter();
    await writer.write(new TextEncoder().encode(addedFields));
    writer.releaseLock();
    await body.pipeTo(writable);
  };
  // A reader that goes away ends the pipe; there is nobody left to tell.
  writeAll().catch((error: unknown) => console.warn("raw message not read to its end", error));
  return readable;
}

async function openRaw(env: Env, location: string): Promise<{ size: number; body: ReadableStream<Uint8Array> }> {
  const { kind, key } = parseRawLocation(location);
  if (kind !== "split") return requireObject(env, key);
  const split = await openSplit(env, key);
  if (split === null) throw new NoBytes(key);
  return { size: split.manifest.size, body: joinedStream(env, split) };
}
