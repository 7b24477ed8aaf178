/** Octets, and what SMTP lets through of them. Bodies stay octets from end to end: a string of 25 MB is a copy too many. */

const encoder = new TextEncoder();

export const CR = 13;
export const LF = 10;

/** RFC 5322 §2.1.1: a line is at most 998 octets without its CRLF, or a server may cut or refuse it. */
export const MAX_LINE_OCTETS = 998;

/** A lone surrogate becomes U+FFFD: it has no UTF-8 form. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** True when a message may only be handed to a server that announces 8BITMIME (RFC 6152 §3). */
export function isEightBit(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 127) return true;
  return false;
}

export function endsWithCrlf(bytes: Uint8Array): boolean {
  return bytes.at(-2) === CR && bytes.at(-1) === LF;
}

/** RFC 2045 §2.7, §2.8: no NUL, CR and LF only as a pair, no line over 998 octets. All else may travel unencoded. */
export function isTransparent(bytes: Uint8Array): boolean {
  let lineStart = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0) return false;
    if (byte === LF) {
      if (bytes[at - 1] !== CR || at - 1 - lineStart > MAX_LINE_OCTETS) return false;
      lineStart = at + 1;
    } else if (byte === CR && bytes[at + 1] !== LF) return false;
  }
  return bytes.length - lineStart <= MAX_LINE_OCTETS;
}
