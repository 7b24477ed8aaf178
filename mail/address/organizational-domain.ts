/**
 * The domain that somebody registered, of which the others are parts: `example.co.uk` of `mail.example.co.uk`, by the
 * Public Suffix List. Null for a public suffix itself, and for what is no domain.
 */
import { getDomain } from "tldts";

/** The private part of the list counts: whoever has a page at github.io does not speak for the others there. */
export const organizationalDomain = (domain: string): string | null => getDomain(domain, { allowPrivateDomains: true });
