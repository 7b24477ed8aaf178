/**
 * Which addresses may be written into an SMTP command. An address is the only place where text that a user typed becomes
 * part of a command line, so the grammar here is what keeps a line end, a `>` or a space in it from becoming a command
 * or a parameter of its own.
 */
import { MAX_ADDRESS_OCTETS } from "../../../contract/limits.ts";

/** RFC 5321 §4.1.2 with RFC 6531 §3.3: an atom has no specials; beyond ASCII everything but controls and spaces. */
const DOT_STRING = /^[^\p{Cc}\p{Z}\p{Cs}"(),:;<>@[\\\]]+$/u;
const QUOTED_STRING = /^"(?:[^\p{Cc}\p{Cs}"\\]|\\[ -~])*"$/u;
const DOMAIN = /^[^\p{Cc}\p{Z}\p{Cs}"(),:;<>@[\\\]]+$/u;
const ADDRESS_LITERAL = /^\[[A-Za-z0-9.:-]+\]$/;

/** Whether the address can stand between the angle brackets of MAIL FROM and RCPT TO. The null path is not asked here. */
export function isSafePath(address: string): boolean {
  const at = address.lastIndexOf("@");
  if (at <= 0) return false;
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  // Octets, not characters (RFC 6531 §3.3). RFC 5321 §4.5.3.1.1, relaxed: local parts over 64 octets are in use (VERP).
  if (new TextEncoder().encode(address).length > MAX_ADDRESS_OCTETS) return false;
  return (DOT_STRING.test(local) || QUOTED_STRING.test(local)) && (DOMAIN.test(domain) || ADDRESS_LITERAL.test(domain));
}

/** Needs SMTPUTF8 to be said at all (RFC 6531 §3.4). */
export function isInternationalised(address: string): boolean {
  return /[^\p{ASCII}]/u.test(address);
}
