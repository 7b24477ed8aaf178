/**
 * Variable envelope return paths: mail leaves as `alice+b-TOKEN@mesh.test`, so that a report which comes back says by its
 * envelope alone which message it is about, whatever the server that wrote it knows of standards. By the rule of the
 * +tag (RFC 5233 §4) the address is alice's like any other: automatic answers, which go there too (RFC 3834 §4), arrive.
 */
import { parseAddress } from "./address.ts";

/**
 * Whose address stands in the reverse-path of what an alias passes on to the outside: nobody's, in each domain. What comes
 * back there goes on to who wrote the message (sender rewriting, as SRS does it, with a token in place of the address).
 */
export const FORWARDER = "forwarder";

const TAG = /\+b-([0-9a-z]+)@/i;

/**
 * The address with the token in it, or null where it cannot have one: it would pass the 64 octets of RFC 5321
 * §4.5.3.1.1, or it is quoted, or has a `+` already. (`a+x` may be an alias of its own, and `a+x+b-…` would be a's.)
 */
export function withBounceToken(address: string, token: string): string | null {
  const parsed = parseAddress(address);
  if (!parsed.ok || parsed.value.domain === null) return null;
  const { local_part, domain } = parsed.value;
  if (local_part.startsWith('"') || local_part.includes("+")) return null;
  const tagged = `${local_part}+b-${token}@${domain}`;
  return parseAddress(tagged).ok ? tagged : null;
}

/** Some servers write addresses in capitals. */
export const bounceTokenIn = (address: string): string | null =>
  TAG.exec(address.slice(0, 320))?.[1]?.toLowerCase() ?? null;
