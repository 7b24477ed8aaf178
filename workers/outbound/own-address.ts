/**
 * The one rule of which addresses belong to an account: its own, an alias that leads to it alone, or either with a
 * +tag. It is asked when an identity is made, when a message is sent, and again when it leaves: an alias may go, or
 * get a second target, in between.
 */
import { canonicalLocalPart, formatAddress, parseAddress } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";

/** The account that an address leads to, and to nobody else; null where there is none. */
export async function accountOf(env: Env, email: string): Promise<string | null> {
  const parsed = parseAddress(email);
  if (!parsed.ok || parsed.value.domain === null) return null;
  const { local_part, domain } = parsed.value;
  const owner = await env.DOMAIN.getByName(domain).resolve(canonicalLocalPart(local_part));
  if (owner === null || owner === "not_our_domain" || owner.is_catch_all || owner.outside.length > 0) return null;
  return owner.user_ids.length === 1 ? (owner.user_ids[0] ?? null) : null;
}

/** The address in its canonical spelling when it is the account's, or else null. */
export const ownAddress = async (env: Env, userId: string, email: string): Promise<string | null> =>
  (await accountOf(env, email)) === userId ? canonicalAddress(email) : null;

/** The address in its one spelling, or null when it is none. */
export function canonicalAddress(email: string): string | null {
  const parsed = parseAddress(email);
  return parsed.ok && parsed.value.domain !== null ? formatAddress(parsed.value) : null;
}
