/** Split messages in R2: the skeleton of one mailbox, and the parts that everybody shares. See contract/split-manifest.ts. */
import { blobKey, parseRawLocation } from "../../contract/r2-keys.ts";
import { type Skeleton, type SplitPart, unpackSkeleton } from "../../contract/split-manifest.ts";
import { joinMessage, type ReadPart } from "../../mail/split/join-message.ts";
import type { Env } from "../env.ts";

/** Something refers to bytes that are not there. */
export class NoBytes extends Error {
  constructor(key: string) {
    super(`no bytes at ${key}`);
  }
}

export async function requireObject(env: Env, key: string): Promise<R2ObjectBody> {
  const object = await env.MAIL.get(key);
  if (object === null) throw new NoBytes(key);
  return object;
}

export async function openSplit(env: Env, key: string): Promise<Skeleton | null> {
  const object = await env.MAIL.get(key);
  return object && unpackSkeleton(new Uint8Array(await object.arrayBuffer()));
}

const openPart = (env: Env, { sha256 }: SplitPart): Promise<R2ObjectBody> => requireObject(env, blobKey(sha256));

export const partReader =
  (env: Env): ReadPart =>
  async (part) =>
    (await openPart(env, part)).body;

/** The whole message, a part at a time as its reader comes to it. */
export function joinedStream(env: Env, split: Skeleton): ReadableStream<Uint8Array> {
  const chunks = joinMessage(split, partReader(env));
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}

/** An attachment's content, where it is stored as such. Null: it is inside the message. */
export async function openAttachment(env: Env, location: string, n: number): Promise<R2ObjectBody | null> {
  const raw = parseRawLocation(location);
  const split = raw.kind === "split" ? await openSplit(env, raw.key) : null;
  const part = split?.manifest.parts.find(({ attachment }) => attachment === n);
  return part === undefined ? null : openPart(env, part);
}
