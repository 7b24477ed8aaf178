/**
 * A message whose large attachments (or, where that is not enough, the whole of it) are stored apart: what says how it
 * is put together again, and the object in R2 that holds it (`raw/{user_id}/{name}.split`, see r2-keys.ts):
 *
 *     {"version":1,"size":…,"parts":[…]}⏎      the manifest: one line of JSON, which has no line feed in it
 *     …                                        the skeleton: the message without what was taken out
 *
 * The Worker that stored it, the Mailbox that releases it and whoever rebuilds a mailbox from R2 read nothing else.
 */
import { z } from "zod";

/** Parts that are taken out of one message, the largest: each is a Blob of its own to ask, now and when it goes. */
export const MAX_SPLIT_PARTS = 20;
/** Four times what the longest manifest has. */
const MAX_MANIFEST_BYTES = 32 * 1024;

const count = z.number().int().nonnegative();

/** How bytes that were stored decoded stood in the message (RFC 2045 §6.8), so that they can be encoded the same way. */
export const Base64Layout = z.object({
  /** Characters in each line but the last, which has 1 to as many. */
  line: count.min(1),
  line_end: z.enum(["crlf", "lf"]),
  /** Whether `=` fills the last four characters. */
  is_padded: z.boolean(),
});
export type Base64Layout = z.infer<typeof Base64Layout>;

export const SplitPart = z.object({
  /** Where in the skeleton the part was taken out; parts stand in their order. */
  at: count,
  /** The stored bytes: `blob/{sha256}`. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: count.min(1),
  /** Null: the bytes are stored as they stood in the message. */
  base64: Base64Layout.nullable(),
  /** The number of the attachment whose content the stored bytes are; null when they are still encoded. */
  attachment: count.nullable(),
});
export type SplitPart = z.infer<typeof SplitPart>;

export const SplitManifest = z.object({
  version: z.literal(1),
  /** Of the whole message. */
  size: count,
  parts: z.array(SplitPart).min(1).max(MAX_SPLIT_PARTS),
});
export type SplitManifest = z.infer<typeof SplitManifest>;

/** The Blobs that a split message refers to, each once. */
export const blobsOf = ({ parts }: SplitManifest): string[] => [...new Set(parts.map(({ sha256 }) => sha256))];

export interface Skeleton {
  manifest: SplitManifest;
  skeleton: Uint8Array<ArrayBuffer>;
}

const LF = 10;

export function packSkeleton({ manifest, skeleton }: Skeleton): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode(`${JSON.stringify(manifest)}\n`);
  const object = new Uint8Array(line.byteLength + skeleton.byteLength);
  object.set(line);
  object.set(skeleton, line.byteLength);
  return object;
}

/** Throws for what `packSkeleton` did not make: bytes must not be given back that are not those that came. */
export function unpackSkeleton(object: Uint8Array<ArrayBuffer>): Skeleton {
  const end = object.subarray(0, MAX_MANIFEST_BYTES).indexOf(LF);
  if (end === -1) throw new Error("no manifest in front of the skeleton");
  const manifest = SplitManifest.parse(JSON.parse(new TextDecoder().decode(object.subarray(0, end))));
  const skeleton = object.subarray(end + 1);
  let before = 0;
  for (const { at } of manifest.parts) {
    if (at < before || at > skeleton.byteLength) throw new Error("the manifest is not of this skeleton");
    before = at;
  }
  return { manifest, skeleton };
}
