/** Whether two names are of one organisation. */
import { parseDomain } from "../address/domain.ts";
import { organizationalDomain } from "../address/organizational-domain.ts";

/** RFC 7489 §3.1.1, relaxed: of one organisation. */
export function isAligned(domain: string, author: string): boolean {
  if (domain === author) return true;
  const organization = organizationalDomain(author);
  return organization !== null && organizationalDomain(domain) === organization;
}

/** Of a domain or an address. An address's local part is anything, its domain is behind the last "@". */
export function domainIn(value: string | undefined): string | null {
  if (value === undefined) return null;
  const text = value.slice(value.lastIndexOf("@") + 1).replace(/\.$/, "");
  if (/^[a-z0-9_][a-z0-9._-]{0,252}$/i.test(text)) return text.toLowerCase();
  const domain = parseDomain(text);
  return domain.ok ? domain.value : null;
}
