/** Whom a message says it is from (RFC 5322 §3.6.2), as DMARC asks it (RFC 9989 §5.3.1). */
import { parseDomain } from "../address/domain.ts";
import { fieldsOf, MAX_VALUE_BYTES } from "../header-fields.ts";
import { parseAddresses } from "../parse/addresses.ts";

/** The addresses of its From field. Null without one, and with several fields: no two readers agree which one counts. */
export function authorsOf(bytes: Uint8Array): string[] | null {
  let value: string | null = null;
  for (const { name, start, end } of fieldsOf(bytes)) {
    if (name !== "from") continue;
    if (value !== null || end - start > MAX_VALUE_BYTES) return null;
    const text = new TextDecoder().decode(bytes.subarray(start, end));
    value = text.slice(text.indexOf(":") + 1).replace(/[\r\n]+/g, "");
  }
  return value === null ? null : parseAddresses([value]).map(({ email }) => email);
}

/** The one domain that all of them are of, in A-labels. */
export function authorDomainOf(bytes: Uint8Array): string | null {
  const domains = new Set((authorsOf(bytes) ?? []).map(domainOf));
  const [domain] = domains;
  return domains.size === 1 ? (domain ?? null) : null;
}

function domainOf(email: string): string | null {
  const parsed = parseDomain(email.slice(email.lastIndexOf("@") + 1));
  return email.includes("@") && parsed.ok ? parsed.value : null;
}
