/** From envelope recipients to Mailboxes: asks the Domain objects, follows aliases from one of our domains to another. */
import type { RecipientOutcome, RefusalReason } from "../../contract/ingest.ts";
import { canonicalLocalPart, formatAddress, parseAddress } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";
import { refused } from "./refusals.ts";

export interface Resolved {
  /** For each account, the envelope recipients that lead to it. Two addresses of one account make one copy. */
  accounts: Map<string, string[]>;
  /** Outside addresses that aliases pass mail on to, and the domain whose outbox carries it. */
  forwards: Map<string, { domain: string; recipient: string }>;
  /** Recipients that nobody answers to, with their refusals. */
  refusals: RecipientOutcome[];
}

/** An alias may name an alias of another domain. Beyond this depth they go round in circles. */
const MAX_ALIAS_DEPTH = 5;

export async function resolveRecipients(env: Env, rcptTo: string[]): Promise<Resolved> {
  const resolved: Resolved = { accounts: new Map(), forwards: new Map(), refusals: [] };
  await Promise.all(
    [...new Set(rcptTo)].map(async (recipient) => {
      const refusal = await follow(env, recipient, recipient, null, 0, resolved);
      if (refusal !== null) resolved.refusals.push(refused(recipient, refusal));
    }),
  );
  return resolved;
}

/** Adds what an address leads to. `via` is the domain whose alias named it, null for the recipient itself. */
async function follow(
  env: Env,
  recipient: string,
  address: string,
  via: string | null,
  depth: number,
  resolved: Resolved,
): Promise<RefusalReason | null> {
  const parsed = parseAddress(address);
  if (!parsed.ok) return "bad_address";
  // RFC 5321 §4.5.1: `Postmaster` without a domain is the host's own.
  const domain = parsed.value.domain ?? env.HOSTNAME;
  const found = await env.DOMAIN.getByName(domain).resolve(canonicalLocalPart(parsed.value.local_part));
  if (found === "not_our_domain" && via !== null) {
    resolved.forwards.set(formatAddress(parsed.value), { domain: via, recipient });
    return null;
  }
  if (found === "not_our_domain") return "not_our_domain";
  if (found === null) return "no_such_mailbox";
  if (depth > MAX_ALIAS_DEPTH) return "mail_loop";
  for (const userId of found.user_ids) {
    const addresses = resolved.accounts.get(userId) ?? [];
    if (!addresses.includes(recipient)) resolved.accounts.set(userId, [...addresses, recipient]);
  }
  const refusals = await Promise.all(
    found.outside.map((target) => follow(env, recipient, target, domain, depth + 1, resolved)),
  );
  // One good target is enough to take the message; an alias that leads nowhere at all is refused.
  const isDelivered = found.user_ids.length > 0 || refusals.some((refusal) => refusal === null);
  return isDelivered ? null : (refusals[0] ?? "no_such_mailbox");
}
