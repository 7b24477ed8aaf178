/**
 * Content-Transfer-Encoding (RFC 2045 §6): encoded bytes to the bytes that were meant. Every broken input decodes to
 * something; nothing is refused. Sizes are counted by the same code that decodes, without the memory of the result.
 */

export type TransferEncoding = "base64" | "quoted-printable" | "identity";

/** Reads the field's value. An unknown mechanism is left as it is (RFC 2045 §6.4 calls such a body opaque). */
export function parseTransferEncoding(value: string): TransferEncoding {
  const token = /base64|quoted-printable/i.exec(value)?.[0].toLowerCase();
  return token === "base64" || token === "quoted-printable" ? token : "identity";
}

/** The decoded bytes. With `identity` they are a view of the given ones. */
export function decodeBody(body: Uint8Array, encoding: TransferEncoding): Uint8Array {
  if (encoding === "identity") return body;
  const decode = encoding === "base64" ? decodeBase64 : decodeQuotedPrintable;
  const out = new Uint8Array(encoding === "base64" ? Math.floor(body.length / 4) * 3 + 3 : body.length);
  return out.subarray(0, decode(body, out));
}

/** How many bytes `decodeBody` would give. */
export function decodedSize(body: Uint8Array, encoding: TransferEncoding): number {
  if (encoding === "identity") return body.length;
  return encoding === "base64" ? decodeBase64(body, null) : decodeQuotedPrintable(body, null);
}

export const PAD = 64;
const SKIP = 65;
export const BASE64_DIGITS = new Uint8Array(256).fill(SKIP);
for (const [digit, character] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="].entries()) {
  BASE64_DIGITS[character.charCodeAt(0)] = digit;
}

/**
 * RFC 2045 §6.8: characters outside the alphabet are skipped. Padding ends a unit but not the body: some mailers
 * encode each line on its own.
 */
function decodeBase64(body: Uint8Array, out: Uint8Array | null): number {
  let length = 0;
  let held = 0;
  let digits = 0;
  for (let at = 0; at < body.length; at++) {
    const digit = BASE64_DIGITS[body[at] ?? 0] ?? SKIP;
    if (digit < PAD) {
      held = (held << 6) | digit;
      if (++digits < 4) continue;
      if (out) {
        out[length] = held >> 16;
        out[length + 1] = held >> 8;
        out[length + 2] = held;
      }
      length += 3;
      held = 0;
      digits = 0;
    } else if (digit === PAD) {
      length = flushBase64(held, digits, out, length);
      held = 0;
      digits = 0;
    }
  }
  return flushBase64(held, digits, out, length);
}

/** Two digits carry a byte, three carry two; one alone carries none. */
function flushBase64(held: number, digits: number, out: Uint8Array | null, length: number): number {
  if (digits < 2) return length;
  if (out) {
    out[length] = digits === 2 ? held >> 4 : held >> 10;
    if (digits === 3) out[length + 1] = held >> 2;
  }
  return length + digits - 1;
}

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

/** RFC 2045 §6.7. White space at the end of a line was added in transport and goes (rule 3); line ends stay as they are. */
function decodeQuotedPrintable(body: Uint8Array, out: Uint8Array | null): number {
  let length = 0;
  let at = 0;
  while (at < body.length) {
    const byte = body[at] ?? 0;
    if (byte === 0x20 || byte === 0x09) {
      const end = skipWhiteSpace(body, at);
      const isTrailing = end >= body.length || isLineEnd(body, end);
      if (!isTrailing) {
        if (out) out.set(body.subarray(at, end), length);
        length += end - at;
      }
      at = end;
      continue;
    }
    if (byte === EQUALS) {
      const high = hexDigit(body[at + 1]);
      const low = hexDigit(body[at + 2]);
      if (high >= 0 && low >= 0) {
        if (out) out[length] = (high << 4) | low;
        length++;
        at += 3;
        continue;
      }
      const end = skipWhiteSpace(body, at + 1);
      if (end >= body.length) break;
      if (isLineEnd(body, end)) {
        at = end + (body[end] === CR ? 2 : 1);
        continue;
      }
    }
    if (out) out[length] = byte;
    length++;
    at++;
  }
  return length;
}

function skipWhiteSpace(body: Uint8Array, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  return at;
}

function isLineEnd(body: Uint8Array, at: number): boolean {
  return body[at] === LF || (body[at] === CR && body[at + 1] === LF);
}

/** Upper case is what RFC 2045 §6.7 asks for; lower case is common. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x41 + 10;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x61 + 10 : -1;
}
