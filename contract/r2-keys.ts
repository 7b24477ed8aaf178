/**
 * The one home of the R2 key layout.
 *
 * | key | what | deleted by |
 * |---|---|---|
 * | `raw/{user_id}/{name}` | the bytes of one message of one mailbox | that Mailbox, when the message goes |
 * | `raw/{user_id}/{name}.split` | what is left of a large message of one mailbox, behind the line that says how to join it with its Blobs: see split-manifest.ts | the same, after its references to the Blobs |
 * | `blob/{sha256}` | the bytes of a large attachment, or of a large message that has none, once for all mailboxes that hold it | its Blob, when the last reference goes |
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
 * Where a message's bytes lie, as `message.raw_key` holds it: the key of its mailbox's own object. The Blobs that a
 * split message refers to know it by the name of that object.
 */
export type RawLocation = { kind: "raw"; key: string } | { kind: "split"; key: string; reference: string };

const SPLIT = ".split";
export const splitName = (name: string) => `${name}${SPLIT}`;

export function parseRawLocation(location: string): RawLocation {
  if (!location.endsWith(SPLIT)) return { kind: "raw", key: location };
  return { kind: "split", key: location, reference: location.slice(location.lastIndexOf("/") + 1) };
}
