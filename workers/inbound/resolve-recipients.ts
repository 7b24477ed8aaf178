/** From envelope recipients to Mailboxes: asks the Domain objects, follows aliases from one of our domains to another. */
import type { DomainPolicy } from "../../contract/domain-policy.ts";
import type { RecipientOutcome, RefusalReason } from "../../contract/ingest.ts";
import { canonicalLocalPart, formatAddress, parseAddress } from "../../mail/address/address.ts";
import { homeDomain } from "../accounts/accounts.ts";
import type { Env } from "../env.ts";
import { refused } from "./refusals.ts";

export interface Resolved {
  /** For each account, the envelope recipients that lead to it. Two addresses of one account make one copy. */
  accounts: Map<string, string[]>;
  /** Outside addresses that aliases pass mail on to, and the domain whose outbox carries it. */
  forwards: Map<string, { domain: string; recipient: string }>;
  /** Recipients that nobody answers to, with their refusals. */
  refusals: RecipientOutcome[];
  /** What the domains of these recipients take from strangers. */
  policies: DomainPolicy[];
}

/** Where one recipient leads to in the end. */
interface Way {
  user_ids: Set<string>;
  /** By outside address: the domain whose alias named it. */
  forwards: Map<string, string>;
  refusal: RefusalReason | null;
  /** Of the domain that the envelope names: an alias of another domain is none of the sender's business. */
  policy: DomainPolicy | null;
}

/** An alias may name an alias of another domain. Beyond this depth nobody meant it. */
const MAX_ALIAS_DEPTH = 5;

/** `mailFrom`: what comes back from a forward comes from nobody (RFC 5321 §4.5.5), and all else has nothing to do there. */
export async function resolveRecipients(env: Env, rcptTo: string[], mailFrom: string): Promise<Resolved> {
  const resolved: Resolved = { accounts: new Map(), forwards: new Map(), refusals: [], policies: [] };
  const recipients = [...new Set(rcptTo)];
  const ways = await Promise.all(recipients.map((recipient) => follow(env, recipient, mailFrom)));
  for (const [n, recipient] of recipients.entries()) {
    const { user_ids, forwards, refusal, policy } = ways[n] ?? { ...nowhere(), refusal: "no_such_mailbox" };
    for (const userId of user_ids) resolved.accounts.set(userId, [...(resolved.accounts.get(userId) ?? []), recipient]);
    for (const [target, domain] of forwards) {
      if (!resolved.forwards.has(target)) resolved.forwards.set(target, { domain, recipient });
    }
    if (refusal !== null) resolved.refusals.push(refused(recipient, refusal));
    else if (policy !== null) resolved.policies.push(policy);
  }
  return resolved;
}

const nowhere = (): Way => ({ user_ids: new Set(), forwards: new Map(), refusal: null, policy: null });

/** An address on the way, and the domain whose alias named it; null for the recipient itself. */
interface Step {
  address: string;
  via: string | null;
}

interface Walk {
  env: Env;
  mailFrom: string;
  asked: Set<string>;
  way: Way;
}

/**
 * Follows aliases level by level. Each address is asked for once, so that aliases which name each other end, and cost
 * no more than their number. One good target is enough to take the message; an alias that leads nowhere is refused.
 */
async function follow(env: Env, recipient: string, mailFrom: string): Promise<Way> {
  const way = nowhere();
  const walk = { env, mailFrom, way, asked: new Set<string>() };
  let level: Step[] = [{ address: recipient, via: null }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_ALIAS_DEPTH) {
      way.refusal ??= "mail_loop";
      break;
    }
    level = (await Promise.all(level.map((step) => take(walk, step)))).flat();
  }
  if (way.user_ids.size > 0 || way.forwards.size > 0) way.refusal = null;
  return way;
}

/** Adds what an address leads to, and returns what is still to be followed. */
async function take({ env, mailFrom, asked, way }: Walk, { address, via }: Step): Promise<Step[]> {
  const parsed = parseAddress(address);
  const refuse = (reason: RefusalReason): Step[] => {
    way.refusal ??= reason;
    return [];
  };
  if (!parsed.ok) return refuse("bad_address");
  const localPart = canonicalLocalPart(parsed.value.local_part);
  // RFC 5321 §4.5.1: `Postmaster` without a domain is the host's own.
  const domain = parsed.value.domain ?? (await homeDomain(env));
  if (domain === null) return refuse("no_such_mailbox");
  const name = `${localPart}@${domain}`;
  if (asked.has(name)) return refuse("mail_loop");
  asked.add(name);
  const found = await env.DOMAIN.getByName(domain).resolve(localPart);
  if (found === "not_our_domain") {
    if (via === null) return refuse("not_our_domain");
    way.forwards.set(formatAddress(parsed.value), via);
    return [];
  }
  if (found === null) return refuse("no_such_mailbox");
  if (via === null) way.policy = found.policy;
  if (found.is_forwarder) {
    const sender = mailFrom === "" ? await senderOfForward(env, domain, address) : null;
    return sender === null ? refuse("no_such_mailbox") : [{ address: sender, via: domain }];
  }
  for (const userId of found.user_ids) way.user_ids.add(userId);
  return found.outside.map((target) => ({ address: target, via: domain }));
}

/** Who wrote what left with this address of the domain, or null. */
async function senderOfForward(env: Env, domain: string, address: string): Promise<string | null> {
  const userId = await env.DOMAIN.getByName(domain).forwarder();
  return env.MAILBOX.getByName(userId).senderOfForward(address);
}
