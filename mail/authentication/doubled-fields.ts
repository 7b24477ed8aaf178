/**
 * RFC 5322 §3.6 allows one of each of these fields. Of two, signatures cover the lower one (RFC 6376 §5.4.2) and readers
 * show the upper one: whoever puts one in front of somebody's signed message says something else in that name (§8.15).
 */
import { eachField, isNamed } from "../header-fields.ts";

/** Those that change what a reader sees, and where the answer goes. Some programs write other fields twice. */
const SINGLE = ["subject", "reply-to", "content-type", "content-transfer-encoding"];

export function hasDoubledFields(bytes: Uint8Array): boolean {
  const seen = new Set<string>();
  let isDoubled = false;
  eachField(bytes, (start) => {
    const name = SINGLE.find((single) => isNamed(bytes, start, single));
    isDoubled = name !== undefined && seen.has(name);
    if (name !== undefined) seen.add(name);
    return !isDoubled;
  });
  return isDoubled;
}
