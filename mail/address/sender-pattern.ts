/**
 * Patterns that stand for senders: an address, or `@` and a domain with all its subdomains. Whoever has a domain has
 * its subdomains, and newsletters come from ever new ones of them.
 */

import { domainOf, parseDomain, splitTag } from "./address.ts";
import { addressKey } from "./address-key.ts";

/** The one spelling of a pattern; null for what is none. A whole top-level domain is nobody's: `@com` is none. */
export function senderPattern(text: string): string | null {
  if (!text.startsWith("@")) return addressKey(text);
  const domain = parseDomain(text.slice(1));
  return domain.ok && domain.value.includes(".") ? `@${domain.value}` : null;
}

/**
 * The patterns that an address falls under, the narrowest first: itself, itself without its `+tag`, its domain, the
 * domains above that.
 */
export function patternsOf(address: string): string[] {
  const [key, domain] = [addressKey(address), domainOf(address)];
  if (key === null || domain === null) return [];
  const [untagged] = splitTag(key.slice(0, -domain.length - 1));
  const labels = domain.split(".");
  const domains = labels.slice(0, -1).map((_, n) => `@${labels.slice(n).join(".")}`);
  return [...new Set([key, `${untagged}@${domain}`, ...domains])];
}
