/**
 * The one home of the R2 key layout.
 *
 * | key | what | deleted by |
 * |---|---|---|
 * | `raw/{user_id}/{name}` | the bytes of one message of one mailbox | that Mailbox, when the message goes |
 * | `raw/{user_id}/{name}.split` | what is left of a large message of one mailbox, behind the line that says how to join it with its Blobs: see split-manifest.ts | the same, after its references to the Blobs |
 * | `blob/{sha256}` | the bytes of a large attachment, or of a large message that has none, once for all mailboxes that hold it | its Blob, when the last reference goes |
 * | `waiting/{user_id}/{name}` | a letter that its Mailbox could not take yet (JSON) | the delivery that puts it there |
 * | `import/{user_id}/{import_id}/{part}` | a part of a file that is being imported | that Mailbox, when the import is over |
 * | `upload/{user_id}/{upload_id}/{offset}-{random}` | a part of a file that is on its way into a message | that Mailbox, when the upload expires |
 * | `image/{week}/{user_id}/{place}` | an image that an account was shown through the proxy | the hourly tidying, when its week is over |
 * | `dead/{queue}/{name}` | a queue message that could not be processed (JSON) | an operator, by retry or drop |
 * | `domains/{name}` | nothing but its key: the list of the deployment's domains | – |
 */

export const rawKey = (userId: string, name: string) => `raw/${userId}/${name}`;
export const blobKey = (sha256: string) => `blob/${sha256}`;
export const WAITING_PREFIX = "waiting/";
export const waitingKey = (userId: string, name: string) => `${WAITING_PREFIX}${userId}/${name}`;
export const importPrefix = (userId: string, importId: string) => `import/${userId}/${importId}/`;
/** Padded, so that a listing has the parts in their order. */
export const importPartKey = (userId: string, importId: string, part: number) =>
  `${importPrefix(userId, importId)}${String(part).padStart(6, "0")}`;
export const uploadPrefix = (userId: string, uploadId: string) => `upload/${userId}/${uploadId}/`;
/** Random, so that the same part sent twice at once is two objects, of which the Mailbox takes one. */
export const uploadPartKey = (userId: string, uploadId: string, offset: number, random: string) =>
  `${uploadPrefix(userId, uploadId)}${String(offset).padStart(9, "0")}-${random}`;
export const IMAGE_PREFIX = "image/";
/** `week` counts from 1970. `place` is one of a fixed number, so that an account can only ever fill so many. */
export const imageKey = (week: number, userId: string, place: string) => `${IMAGE_PREFIX}${week}/${userId}/${place}`;
export const weekOfImages = (prefix: string): number => Number(/^image\/(\d+)\//.exec(prefix)?.[1]);
export const DEAD_PREFIX = "dead/";
export const deadKey = (queue: string, name: string) => `${DEAD_PREFIX}${queue}/${name}`;
export const DOMAINS_PREFIX = "domains/";
export const domainKey = (name: string) => `${DOMAINS_PREFIX}${name}`;

/**
 * Where a message's bytes lie, as `message.raw_key` holds it: the key of its mailbox's own object. The Blobs that a
 * split message refers to know it by the name of that object. `blob`: a large message as it was stored at first, with a
 * Blob and no object of its mailbox's own (`blob/{sha256}/{name}`); read and released still, and not made any more.
 */
export type RawLocation =
  | { kind: "raw"; key: string }
  | { kind: "split"; key: string; reference: string }
  | { kind: "blob"; key: string; sha256: string; reference: string };

const SPLIT = ".split";
export const splitName = (name: string) => `${name}${SPLIT}`;

export function parseRawLocation(location: string): RawLocation {
  const [, sha256, name] = /^blob\/([0-9a-f]{64})\/(.+)$/.exec(location) ?? [];
  if (sha256 !== undefined && name !== undefined)
    return { kind: "blob", key: blobKey(sha256), sha256, reference: name };
  if (!location.endsWith(SPLIT)) return { kind: "raw", key: location };
  return { kind: "split", key: location, reference: location.slice(location.lastIndexOf("/") + 1) };
}

/** What tells the bytes of one message from all that it had before and will have: the random end of their name. */
export const revisionOf = (location: string): string => /-([^-./]+)(?:\.split)?$/.exec(location)?.[1] ?? "";

/** The name by which an upload refers to its Blob: another one for each time that it is put together. */
const UPLOADED = ".upload";
export const uploadReference = (uploadId: string, random: string) => `${uploadId}-${random}${UPLOADED}`;
export const isUploadReference = (reference: string) => reference.endsWith(UPLOADED);

/** The location of the message that refers to a Blob by this name. An upload has none but this name. */
export function referringLocation(userId: string, sha256: string, reference: string): string {
  if (isUploadReference(reference)) return reference;
  return reference.endsWith(SPLIT) ? rawKey(userId, reference) : `${blobKey(sha256)}/${reference}`;
}
