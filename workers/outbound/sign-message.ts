/**
 * Signs what leaves with DKIM, at the moment it leaves: a scheduled message is signed by a key that is valid then. What
 * is signed is the author's own: the domain of the From field, when it is a domain of this mesh and the message was
 * written here. A forward was written elsewhere, and is passed on as it came.
 *
 * Throws when the Domain object does not answer: the consumer then defers. A message without its signature could be
 * refused for good by whoever asks for one, and a minute later it has it.
 */
import type { Lease } from "../../durable-objects/mailbox/outbox.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import { authorDomain } from "../../mail/dkim/author-domain.ts";
import { importSigningKey } from "../../mail/dkim/keys.ts";
import { type SigningKey, signMessage as signWith } from "../../mail/dkim/sign-message.ts";
import { countFields } from "../../mail/fingerprint.ts";
import type { Env } from "../env.ts";

/** The message with its signatures in front, or as it is where it is not ours to sign. */
export async function signMessage(
  env: Env,
  raw: Uint8Array<ArrayBuffer>,
  lease: Pick<Lease, "report_to" | "mail_from" | "created_at">,
): Promise<Uint8Array<ArrayBuffer>> {
  const domain = isWrittenHere(raw, lease) ? authorDomain(raw) : null;
  const keys = domain === null ? null : await keysOf(env, domain);
  if (domain === null || keys === null) return raw;
  // The time is the submission's, so that a repeated try makes the same bytes.
  return concatBytes([await signWith(raw, keys, { domain, time: lease.created_at }), raw]);
}

/**
 * A submission of an account, or one of our own reports to somebody outside. What is passed on looks like either, but for
 * its Received fields: what is written here has none, and each forward gets one. Nobody gets our signature by sending a
 * message in our name to an address that leads out again.
 */
const isWrittenHere = (raw: Uint8Array, { report_to, mail_from }: Pick<Lease, "report_to" | "mail_from">): boolean =>
  (report_to === "inbox" || (report_to === "nobody" && mail_from === "")) && countFields(raw, "received", 0) === 0;

/** Keys stay imported for as long as an isolate lives, but no longer than this without asking again. */
const CACHED_FOR_MS = 5 * 60_000;
const MAX_CACHED = 1000;
const cache = new Map<string, { keys: SigningKey[]; until: number }>();

/** Null: not a domain of this mesh. */
async function keysOf(env: Env, domain: string): Promise<SigningKey[] | null> {
  const now = Date.now();
  const cached = cache.get(domain);
  if (cached !== undefined && now < cached.until) return cached.keys;
  const found = await env.DOMAIN.getByName(domain).signingKeys(now);
  if (found === null) return null;
  const keys = await Promise.all(found.keys.map(({ selector, ...pair }) => importSigningKey(selector, pair)));
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(domain, { keys, until: Math.min(now + CACHED_FOR_MS, found.until ?? Infinity) });
  return keys;
}
