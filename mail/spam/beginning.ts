/**
 * How a message begins, byte for byte: every five bytes that follow each other in its header and in its body as it was sent.
 * It is the second way to look at a message (docs/decisions/0026-spam.md), and the only one that sees which way the message
 * came and to whom. That says much to the mailbox it came to and nothing to another, so no prior is made of it.
 *
 * D. Sculley and G. Wachman found it to be enough for a filter: "Relaxed Online SVMs for Spam Filtering" (2007).
 */
import { namedFields } from "../named-fields.ts";

const STRING_BITS = 17;
/** The strings share this many weights by their hash. */
export const STRINGS = 1 << STRING_BITS;

const LENGTH = 5;
const MAX_HEADER = 2000;
const MAX_BODY = 4000;

/** Signatures, which are noise, and what mailboxes and other filters write into a message once it is delivered. */
const LEFT_OUT =
  /^(?:arc-|authentication-results$|content-length$|delivery-date$|dkim-|domainkey-|forwarded$|lines$|replied$|status$|x-envelope|x-evolution|x-google-dkim|x-keywords$|x-mozilla|x-pyzor|x-sieve|x-spam|x-status$|x-uid|x-virus)/;

/** Each string once, by its place among the weights. */
export function stringsOf(bytes: Uint8Array): Uint32Array {
  const begin = new Uint8Array(MAX_HEADER + MAX_BODY);
  let [length, body] = [0, 0];
  for (const { name, start, end } of namedFields(bytes)) {
    body = end;
    if (LEFT_OUT.test(name) || length === MAX_HEADER) continue;
    const field = bytes.subarray(start, Math.min(end, start + MAX_HEADER - length));
    begin.set(field, length);
    length += field.byteLength;
  }
  const text = bytes.subarray(body, body + MAX_BODY);
  begin.set(text, length);
  return distinct(begin.subarray(0, length + text.byteLength));
}

function distinct(text: Uint8Array): Uint32Array {
  const seen = new Uint8Array(STRINGS);
  const found = new Uint32Array(Math.max(0, text.byteLength - LENGTH + 1));
  let count = 0;
  for (let at = 0; at < found.length; at++) {
    const place = placeOf(text, at);
    if (seen[place] === 1) continue;
    seen[place] = 1;
    found[count++] = place;
  }
  return found.slice(0, count);
}

function placeOf(text: Uint8Array, from: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < from + LENGTH; at++) hash = Math.imul(hash ^ (text[at] ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) & (STRINGS - 1);
}
