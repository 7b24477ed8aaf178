/**
 * What makes a delivery that comes again recognisable: a hash of the message without the fields that a resending hop
 * adds or changes. Message-ID alone never decides, since the sender writes it.
 */

import { createHash } from "node:crypto";
import { begins, eachField, isNamed } from "./header-fields.ts";

/**
 * Trace fields, lower case, and ARC-* by its prefix. DKIM-Signature is one too (RFC 6376 §3.5): it is added on
 * the way, and by other keys when they changed between two tries of the same message.
 */
const TRACE = ["received", "return-path", "delivered-to", "authentication-results", "dkim-signature"];
const ARC = "arc-";

export interface Fingerprint {
  /**
   * The first half of the SHA-256, 32 hexadecimal digits: stored and indexed with every message, and still more than any
   * sender can make two of his own messages collide in.
   */
  hash: string;
  /** Whether the message carries a Message-ID or a Date. One without either may well be sent twice on purpose. */
  has_identity: boolean;
}

/** Piece by piece, since a copy of what is kept would be as large as the message. */
export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  const { kept, has_identity } = withoutTrace(bytes);
  const hash = createHash("sha256");
  for (const { start, end } of kept) hash.update(bytes.subarray(start, end));
  return { hash: hash.digest("hex").slice(0, 32), has_identity };
}

export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How often a field occurs in the header, by its lower-case name; more than `enough` are not counted. */
export function countFields(bytes: Uint8Array, name: string, enough: number): number {
  let count = 0;
  eachField(bytes, (start) => {
    if (isNamed(bytes, start, name)) count++;
    return count <= enough;
  });
  return count;
}

/** What is no trace, in pieces that are as long as can be: a header may have millions of fields. */
function withoutTrace(bytes: Uint8Array) {
  const kept = [{ start: 0, end: 0 }];
  let has_identity = false;
  const bodyStart = eachField(bytes, (start, end) => {
    has_identity ||= isNamed(bytes, start, "message-id") || isNamed(bytes, start, "date");
    if (isTrace(bytes, start)) return true;
    const last = kept.at(-1);
    if (last?.end === start) last.end = end;
    else kept.push({ start, end });
    return true;
  });
  kept.push({ start: bodyStart, end: bytes.byteLength });
  return { kept, has_identity };
}

const isTrace = (bytes: Uint8Array, start: number): boolean =>
  TRACE.some((name) => isNamed(bytes, start, name)) || begins(bytes, start, ARC);
