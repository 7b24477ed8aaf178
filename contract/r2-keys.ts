/**
 * The one home of the R2 key layout.
 *
 * | key | what | deleted by |
 * |---|---|---|
 * | `raw/{user_id}/{name}` | the bytes of one message of one mailbox | that Mailbox, when the message goes |
 * | `blob/{sha256}` | the bytes of a large message, once for all mailboxes that hold it | its Blob, when the last reference goes |
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
 * reference behind it (`blob/{sha256}/{name}`), since releasing needs both.
 */
export type RawLocation =
  | { kind: "raw"; key: string }
  | { kind: "blob"; key: string; sha256: string; reference: string };

export const blobLocation = (sha256: string, reference: string) => `${blobKey(sha256)}/${reference}`;

export function parseRawLocation(location: string): RawLocation {
  const [, sha256, reference] = /^blob\/([0-9a-f]{64})\/(.+)$/.exec(location) ?? [];
  if (sha256 === undefined || reference === undefined) return { kind: "raw", key: location };
  return { kind: "blob", key: blobKey(sha256), sha256, reference };
}
