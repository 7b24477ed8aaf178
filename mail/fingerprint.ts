/**
 * What makes a delivery that comes again recognisable: a hash of the message without the fields that a resending hop
 * adds or changes. Message-ID alone never decides, since the sender writes it.
 */

import { fieldsOf } from "./header-fields.ts";

/**
 * Trace fields, lower case. ARC-* is matched by its prefix. DKIM-Signature is one too (RFC 6376 §3.5): it is added on
 * the way, and by other keys when they changed between two tries of the same message.
 */
const TRACE = new Set(["received", "return-path", "delivered-to", "authentication-results", "dkim-signature"]);

export interface Fingerprint {
  /**
   * The first half of the SHA-256, 32 hexadecimal digits: stored and indexed with every message, and still more than any
   * sender can make two of his own messages collide in.
   */
  hash: string;
  /** Whether the message carries a Message-ID or a Date. One without either may well be sent twice on purpose. */
  has_identity: boolean;
}

export async function fingerprintOf(bytes: Uint8Array<ArrayBuffer>): Promise<Fingerprint> {
  const { kept, bodyStart, names } = withoutTrace(bytes);
  const size = kept.reduce((sum, part) => sum + part.byteLength, 0);
  const hashed = new Uint8Array(size + bytes.byteLength - bodyStart);
  let at = 0;
  for (const part of kept) {
    hashed.set(part, at);
    at += part.byteLength;
  }
  hashed.set(bytes.subarray(bodyStart), at);
  return { hash: (await sha256Hex(hashed)).slice(0, 32), has_identity: names.has("message-id") || names.has("date") };
}

export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How often a field occurs in the header, by its lower-case name. */
export function countFields(bytes: Uint8Array, name: string): number {
  let count = 0;
  for (const field of fieldsOf(bytes)) if (field.name === name) count++;
  return count;
}

/** The fields that are no trace, as they stand, and where the rest of the message begins. */
function withoutTrace(bytes: Uint8Array) {
  const kept: Uint8Array[] = [];
  const names = new Set<string>();
  let bodyStart = 0;
  for (const field of fieldsOf(bytes)) {
    names.add(field.name);
    bodyStart = field.end;
    if (!TRACE.has(field.name) && !field.name.startsWith("arc-")) kept.push(bytes.subarray(field.start, field.end));
  }
  return { kept, bodyStart, names };
}
