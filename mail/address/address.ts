/**
 * Addresses of the envelope and of a login: `local-part@domain` (RFC 5321 §4.1.2), internationalised or not (RFC 6531
 * §3.3), text in and one canonical form out. It leaves header fields, with their display names and groups, to
 * mail/parse/.
 */
import { fail, ok, type Result } from "../result.ts";
import { type DomainError, parseDomain, toUnicodeDomain } from "./domain.ts";
import { type LocalPartError, parseLocalPart } from "./local-part.ts";

export { parseDomain, toUnicodeDomain } from "./domain.ts";
export { canonicalLocalPart, splitTag } from "./local-part.ts";

export interface EmailAddress {
  /**
   * The local part in its canonical written form, its case kept: a dot-string where one will do, a quoted-string with
   * the fewest escapes otherwise. `${local_part}@${domain}` is always a valid address.
   */
  local_part: string;
  /** The A-label form in lower case. Null only for `Postmaster` on its own. */
  domain: string | null;
}

export type AddressError =
  | { reason: "address_empty" }
  | { reason: "address_too_long"; octets: number; limit: number }
  | { reason: "control_character"; at: number }
  | { reason: "not_well_formed"; at: number }
  | { reason: "domain_missing" }
  | LocalPartError
  | DomainError;

/** RFC 5321 §4.5.3.1.3: a path is at most 256 octets, its two angle brackets among them. */
const MAX_ADDRESS_OCTETS = 254;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose; CR or LF would end an SMTP command.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Reads an address without angle brackets, display name or source route. */
export function parseAddress(text: string): Result<EmailAddress, AddressError> {
  if (text === "") return fail({ reason: "address_empty" });
  const control = text.search(CONTROL_CHARACTER);
  if (control >= 0) return fail({ reason: "control_character", at: control });
  const surrogate = text.search(LONE_SURROGATE);
  if (surrogate >= 0) return fail({ reason: "not_well_formed", at: surrogate });

  // A domain never holds "@", a quoted local part may: the last one divides them.
  const at = text.lastIndexOf("@");
  if (at < 0) {
    // RFC 5321 §4.5.1: the one name that every server answers to without a domain.
    if (text.toLowerCase() === "postmaster") return ok({ local_part: text, domain: null });
    return fail({ reason: "domain_missing" });
  }
  const localPart = parseLocalPart(text.slice(0, at));
  if (!localPart.ok) return localPart;
  const domain = parseDomain(text.slice(at + 1));
  if (!domain.ok) return domain;

  const address = { local_part: localPart.value, domain: domain.value };
  const octets = new TextEncoder().encode(formatAddress(address)).length;
  if (octets > MAX_ADDRESS_OCTETS) return fail({ reason: "address_too_long", octets, limit: MAX_ADDRESS_OCTETS });
  return ok(address);
}

/** The domain of an address in its one name inside the mesh (A-labels); null where there is none. */
export function domainOf(text: string): string | null {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.value.domain : null;
}

/** The address as it goes on the wire: `parseAddress(formatAddress(a))` gives `a` again. */
export function formatAddress(address: EmailAddress): string {
  return address.domain === null ? address.local_part : `${address.local_part}@${address.domain}`;
}

/** The address for people: the domain in U-labels (RFC 5890 §2.3.2.1). */
export function displayAddress(address: EmailAddress): string {
  return address.domain === null ? address.local_part : `${address.local_part}@${toUnicodeDomain(address.domain)}`;
}
