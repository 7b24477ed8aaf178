/**
 * The one rule of which addresses belong to an account: its own, an alias that leads to it alone, or either with a
 * +tag. It is asked when an identity is made, when a message is sent, and again when it leaves: an alias may go, or
 * get a second target, in between.
 */
import { canonicalLocalPart, formatAddress, parseAddress } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";

/** The address in its canonical spelling when it is the account's, or else null. */
export async function ownAddress(env: Env, userId: string, email: string): Promise<string | null> {
  const parsed = parseAddress(email);
  if (!parsed.ok || parsed.value.domain === null) return null;
  const { local_part, domain } = parsed.value;
  const owner = await env.DOMAIN.getByName(domain).resolve(canonicalLocalPart(local_part));
  if (owner === null || owner === "not_our_domain" || owner.is_catch_all) return null;
  const isAlone = owner.outside.length === 0 && owner.user_ids.length === 1 && owner.user_ids[0] === userId;
  return isAlone ? formatAddress(parsed.value) : null;
}

/** The address in its one spelling, or null when it is none. */
export function canonicalAddress(email: string): string | null {
  const parsed = parseAddress(email);
  return parsed.ok && parsed.value.domain !== null ? formatAddress(parsed.value) : null;
}
