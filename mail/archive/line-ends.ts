/** The two ends that lines of mail have: CRLF on the wire (RFC 5322 §2.1), LF in the files of Unix. */
import { CR, LF } from "../compose/bytes.ts";

/** Whether every line ends in CRLF, and no CR or LF stands anywhere else. */
export function isCrlf(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.byteLength; at++) {
    if (bytes[at] === LF) return false;
    if (bytes[at] === CR) {
      if (bytes[at + 1] !== LF) return false;
      at++;
    }
  }
  return true;
}

export function withLf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.byteLength);
  let length = 0;
  for (const byte of bytes) if (byte !== CR) out[length++] = byte;
  return out.subarray(0, length);
}

/** Every LF that no CR precedes gets one. */
export function withCrlf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let bare = 0;
  for (let at = 0; at < bytes.byteLength; at++) if (isBare(bytes, at)) bare++;
  const out = new Uint8Array(bytes.byteLength + bare);
  let length = 0;
  for (let at = 0; at < bytes.byteLength; at++) {
    if (isBare(bytes, at)) out[length++] = CR;
    out[length++] = bytes[at] ?? 0;
  }
  return out;
}

const isBare = (bytes: Uint8Array, at: number): boolean => bytes[at] === LF && bytes[at - 1] !== CR;
