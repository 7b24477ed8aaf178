/** Whose message it is: the domain of the From field (RFC 5322 §3.6.2), which a signature must match (RFC 7489 §3.1). */
import { parseDomain } from "../address/domain.ts";
import { parseAddresses } from "../parse/addresses.ts";
import { canonicalField, readHeader } from "./canonical-header.ts";

/** Null where there is no one domain: without From, with several of them, or with authors of several domains. */
export function authorDomain(message: Uint8Array): string | null {
  const [from, ...others] = readHeader(message).fields.filter(({ name }) => name === "from");
  if (from === undefined || others.length > 0) return null;
  const value = new TextDecoder().decode(canonicalField(from)).slice("from:".length);
  const domains = new Set(parseAddresses([value]).map(({ email }) => domainOf(email)));
  const [domain] = domains;
  return domains.size === 1 ? (domain ?? null) : null;
}

function domainOf(email: string): string | null {
  const parsed = parseDomain(email.slice(email.lastIndexOf("@") + 1));
  return email.includes("@") && parsed.ok ? parsed.value : null;
}
