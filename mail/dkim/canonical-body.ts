/**
 * The body as it is hashed: "relaxed" (RFC 6376 §3.4.4), over the bytes as they go over the wire. Where a stored message
 * holds an LF without its CR, a CR without its LF or a last line without an end, the transport sends CRLF, a space and
 * CRLF (workers/outbound/transport/dot-stuffing.ts), and so that is what is hashed.
 */

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/**
 * Most of a large message is base64, which is canonical as it stands: then this is a view of the same bytes, and no
 * copy. Otherwise it is one copy.
 */
export function canonicalBody(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const end = endOfText(body);
  if (end === 0) return new Uint8Array();
  const { isCanonical, bareLineFeeds } = survey(body, end);
  const hasLastCrlf = body[end] === CR && body[end + 1] === LF;
  if (isCanonical && hasLastCrlf) return body.subarray(0, end + 2);
  const canonical = new Uint8Array(end + bareLineFeeds + 2);
  return canonical.subarray(0, relax(body, end, canonical));
}

/** Where the last line with something on it ends: empty lines at the end, and blanks before them, do not count. */
function endOfText(body: Uint8Array): number {
  let end = body.length;
  while (end > 0 && (isBlank(body[end - 1]) || body[end - 1] === CR || body[end - 1] === LF)) end -= 1;
  return end;
}

function survey(body: Uint8Array, end: number): { isCanonical: boolean; bareLineFeeds: number } {
  let isCanonical = true;
  let bareLineFeeds = 0;
  let before = 0;
  for (let at = 0; at < end; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === TAB) isCanonical = false;
    else if (byte === SPACE) isCanonical &&= before !== SPACE;
    else if (byte === CR) isCanonical &&= before !== SPACE && body[at + 1] === LF;
    else if (byte === LF && before !== CR) {
      isCanonical = false;
      bareLineFeeds += 1;
    }
    before = byte;
  }
  return { isCanonical, bareLineFeeds };
}

/** Writes the canonical form of `body` up to `end` and returns its length. */
function relax(body: Uint8Array, end: number, out: Uint8Array): number {
  let length = 0;
  let hasBlank = false;
  for (let at = 0; at < end; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === LF) {
      length = writeCrlf(out, length);
      hasBlank = false;
    } else if (byte === CR) {
      hasBlank ||= body[at + 1] !== LF;
    } else if (isBlank(byte)) {
      hasBlank = true;
    } else {
      if (hasBlank) out[length++] = SPACE;
      hasBlank = false;
      out[length++] = byte;
    }
  }
  return writeCrlf(out, length);
}

function writeCrlf(out: Uint8Array, at: number): number {
  out[at] = CR;
  out[at + 1] = LF;
  return at + 2;
}
