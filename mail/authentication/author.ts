/** Whom a message says it is from (RFC 5322 §3.6.2), as DMARC asks it (RFC 9989 §5.3.1). */
import { parseDomain } from "../address/domain.ts";
import { eachField, type FieldPlace, isNamed, MAX_VALUE_BYTES } from "../header-fields.ts";
import { parseAddresses } from "../parse/addresses.ts";

/** The addresses of its From field. Null without one, and with several fields: no two readers agree which one counts. */
export function authorsOf(bytes: Uint8Array): string[] | null {
  const places: FieldPlace[] = [];
  eachField(bytes, (start, end) => {
    if (isNamed(bytes, start, "from")) places.push({ start, end });
    return places.length < 2;
  });
  const [place, another] = places;
  if (place === undefined || another !== undefined || place.end - place.start > MAX_VALUE_BYTES) return null;
  const text = new TextDecoder().decode(bytes.subarray(place.start, place.end));
  return parseAddresses([text.slice(text.indexOf(":") + 1).replace(/[\r\n]+/g, "")]).map(({ email }) => email);
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
