/**
 * The part after the "@". Inside the mesh a domain has one name, its A-labels in lower case (RFC 5890 §2.3.2.1); what
 * people write is mapped to it as browsers do (UTS 46), so that a link and an address never disagree.
 */
import { fail, ok, type Result } from "../result.ts";
import { decodePunycode } from "./punycode.ts";

export type DomainError =
  | { reason: "domain_empty" }
  | { reason: "domain_literal" }
  | { reason: "domain_is_ip_address" }
  | { reason: "domain_too_long"; octets: number; limit: number }
  | { reason: "domain_character"; at: number; got: string }
  | { reason: "domain_label_empty" }
  | { reason: "domain_label_too_long"; label: string; limit: number }
  | { reason: "domain_label"; label: string }
  | { reason: "domain_unusable" };

/** RFC 5321 §4.5.3.1.2 says 255 octets on the DNS wire, which is 253 characters (RFC 1035 §3.1). */
const MAX_DOMAIN_OCTETS = 253;
const MAX_LABEL_OCTETS = 63;

/** What the URL parser would read as port, path, user or percent-encoding never reaches it. */
const NOT_IN_A_DOMAIN = /[^A-Za-z0-9._\-\u{80}-\u{10FFFF}]/u;

/** RFC 5321 §4.1.2, relaxed: the underscore, which is in the return paths of real senders (`x@bounce_1.example.com`). */
const LABEL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;

/** Gives the A-label form of a domain name written in either form. */
export function parseDomain(text: string): Result<string, DomainError> {
  if (text === "") return fail({ reason: "domain_empty" });
  // RFC 5321 §4.1.3 allows `user@[192.0.2.1]`. No mailbox here has such an address, and mail is never relayed to one.
  if (text.startsWith("[")) return fail({ reason: "domain_literal" });
  const bad = NOT_IN_A_DOMAIN.exec(text);
  if (bad) return fail({ reason: "domain_character", at: bad.index, got: bad[0] });
  // UTS 46 is not linear in every runtime, and no name this long can become a short one.
  if (text.length > 4 * MAX_DOMAIN_OCTETS) {
    return fail({ reason: "domain_too_long", octets: text.length, limit: MAX_DOMAIN_OCTETS });
  }
  const domain = toAscii(text);
  if (domain === null)
    return fail(looksNumeric(text) ? { reason: "domain_is_ip_address" } : { reason: "domain_unusable" });
  if (looksNumeric(domain)) return fail({ reason: "domain_is_ip_address" });
  if (domain.length > MAX_DOMAIN_OCTETS) {
    return fail({ reason: "domain_too_long", octets: domain.length, limit: MAX_DOMAIN_OCTETS });
  }
  for (const label of domain.split(".")) {
    if (label === "") return fail({ reason: "domain_label_empty" });
    if (label.length > MAX_LABEL_OCTETS)
      return fail({ reason: "domain_label_too_long", label, limit: MAX_LABEL_OCTETS });
    if (!LABEL.test(label) || !isHonestLabel(label)) return fail({ reason: "domain_label", label });
  }
  return ok(domain);
}

/** The U-label form for people. A label that is not the A-label of anything stays as it is. */
export function toUnicodeDomain(domain: string): string {
  return domain
    .split(".")
    .map((label) => uLabel(label) ?? label)
    .join(".");
}

/** The hostname that a URL parser makes of the name: UTS 46 mapping, NFC, lower case, Punycode. */
function toAscii(text: string): string | null {
  const url = URL.parse(`http://${text}`);
  return url === null ? null : url.hostname;
}

/** A URL reads a last label of digits as IPv4, in any of its spellings, and answers with the dotted form. */
function looksNumeric(domain: string): boolean {
  return /(^|\.)(\d+|0x[0-9a-f]*)$/i.test(domain.normalize("NFKC"));
}

/**
 * RFC 5890 §2.3.2.1: an A-label is what its U-label encodes to. A URL parser lets `xn--a` and an encoded capital letter
 * through; either would give one domain two names.
 */
function isHonestLabel(label: string): boolean {
  return !label.startsWith("xn--") || uLabel(label) !== null;
}

function uLabel(label: string): string | null {
  if (!label.startsWith("xn--")) return null;
  const decoded = decodePunycode(label.slice(4));
  return decoded !== null && toAscii(decoded) === label ? decoded : null;
}
