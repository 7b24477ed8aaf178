/**
 * The one home of the R2 key layout.
 *
 * | key | what | deleted by |
 * |---|---|---|
 * | `raw/{user_id}/{name}` | the bytes of one message of one mailbox | that Mailbox, when the message goes |
 * | `raw/{user_id}/{name}.split` | one message of one mailbox without its large attachments, behind the line that says how to join them: see split-manifest.ts | the same, after its references to the attachments |
 * | `blob/{sha256}` | the bytes of an attachment, or of a whole large message that has none to take out, once for all mailboxes that hold it | its Blob, when the last reference goes |
 * | `waiting/{user_id}/{name}` | a letter that its Mailbox could not take yet (JSON) | the delivery that puts it there |
 * | `dead/{queue}/{name}` | a queue message that could not be processed (JSON) | an operator, by retry or drop |
 * | `domains/{name}` | nothing but its key: the list of the deployment's domains | – |
 */

export const rawKey = (userId: string, name: string) => `raw/${userId}/${name}`;
export const blobKey = (sha256: string) => `blob/${sha256}`;
export const WAITING_PREFIX = "waiting/";
export const waitingKey = (userId: string, name: string) => `${WAITING_PREFIX}${userId}/${name}`;
export const DEAD_PREFIX = "dead/";
export const deadKey = (queue: string, name: string) => `${DEAD_PREFIX}${queue}/${name}`;
export const DOMAINS_PREFIX = "domains/";
export const domainKey = (name: string) => `${DOMAINS_PREFIX}${name}`;

/**
 * Where a message's bytes lie, as `message.raw_key` holds it: a `raw/` key, or a `blob/` key with the name of the
 * reference behind it (`blob/{sha256}/{name}`), since releasing needs both. A split message refers to each of its Blobs
 * by the name of its own object.
 */
export type RawLocation =
  | { kind: "raw"; key: string }
  | { kind: "split"; key: string; reference: string }
  | { kind: "blob"; key: string; sha256: string; reference: string };

const SPLIT = ".split";
export const splitName = (name: string) => `${name}${SPLIT}`;
export const blobLocation = (sha256: string, reference: string) => `${blobKey(sha256)}/${reference}`;

export function parseRawLocation(location: string): RawLocation {
  const [, sha256, reference] = /^blob\/([0-9a-f]{64})\/(.+)$/.exec(location) ?? [];
  if (sha256 !== undefined && reference !== undefined) {
    return { kind: "blob", key: blobKey(sha256), sha256, reference };
  }
  if (!location.endsWith(SPLIT)) return { kind: "raw", key: location };
  return { kind: "split", key: location, reference: location.slice(location.lastIndexOf("/") + 1) };
}

/** The location of the message that a reference is of. */
export const referringLocation = (userId: string, sha256: string, reference: string): string =>
  reference.endsWith(SPLIT) ? rawKey(userId, reference) : blobLocation(sha256, reference);
