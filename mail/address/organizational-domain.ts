/**
 * The domain that somebody registered, of which the others are parts: `example.co.uk` of `mail.example.co.uk`, by the
 * Public Suffix List. What DMARC asks and what a reader asks differ.
 */
import { getDomain } from "tldts";

/**
 * For DMARC. The private part of the list counts: whoever has a page at github.io does not speak for the others there.
 * Null for a public suffix itself, and for what is no domain.
 */
export const organizationalDomain = (domain: string): string | null => getDomain(domain, { allowPrivateDomains: true });

/** For what a reader is shown. The name itself where it is none, as an address in digits is. In lower case. */
export function registeredDomain(domain: string): string {
  const name = domain.toLowerCase();
  return getDomain(name, { extractHostname: false, validateHostname: false }) ?? name;
}

/** One owner has both hosts, as far as public registries say: `a.example.co.uk` and `b.example.co.uk`. */
export const isSameOwner = (one: string, other: string): boolean => registeredDomain(one) === registeredDomain(other);
