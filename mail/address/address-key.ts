/** What tells one address from another: two spellings of one address have the same key. */
import { canonicalLocalPart, parseAddress } from "./address.ts";

/**
 * RFC 5321 §2.4 leaves the case of a local part to its host, and every known host ignores it. For comparing alone: mail
 * goes to the address as it was written. Null for what is no address.
 */
export function addressKey(text: string): string | null {
  const parsed = parseAddress(text);
  if (!parsed.ok || parsed.value.domain === null) return null;
  return `${canonicalLocalPart(parsed.value.local_part)}@${parsed.value.domain}`;
}
