/**
 * The message as it goes over the wire after DATA (RFC 5321 §4.5.2): a dot at the beginning of a line is doubled, and
 * `CRLF . CRLF` ends it.
 *
 * A message here has CRLF line ends, and its bytes go out as they are. Where it holds a CR or LF that is not part of a
 * CRLF, servers disagree about what is a line, and that disagreement is SMTP smuggling: `LF . LF` is data to us and the
 * end of the message to the next hop, which takes what follows for commands. A client MUST NOT send such bytes
 * (RFC 5321 §2.3.8), so they never leave:
 *
 * - a bare LF becomes CRLF: every parser, ours too, reads it as the end of a line, and so the lines that were checked
 *   here are the lines that arrive;
 * - a bare CR becomes a space: hardly anybody reads it as the end of a line, and to make it one would let a header field
 *   appear that nobody here has seen. (Postfix does the same, `cleanup_replace_stray_cr_lf`.)
 */

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const SPACE = 0x20;

/** What goes into one write: large enough to be cheap, small enough that a slow peer holds little of our memory. */
export const WIRE_CHUNK_BYTES = 64 * 1024;

/** Stuffs a message that comes in pieces. How it is cut into pieces never changes what comes out. */
export class DotStuffer {
  #atLineStart = true;
  /** A CR was read, and it is not known yet whether a LF follows. */
  #pendingCr = false;

  stuff(piece: Uint8Array): Uint8Array {
    // Each byte makes two at most, and one CR may be left from the piece before.
    const out = new Uint8Array(piece.length * 2 + 1);
    let length = 0;
    for (const byte of piece) {
      if (this.#pendingCr && byte !== LF) {
        out[length++] = SPACE;
        this.#atLineStart = false;
      }
      this.#pendingCr = byte === CR;
      if (byte === CR) continue;
      if (byte === LF) {
        out[length++] = CR;
        out[length++] = LF;
        this.#atLineStart = true;
        continue;
      }
      if (byte === DOT && this.#atLineStart) out[length++] = DOT;
      out[length++] = byte;
      this.#atLineStart = false;
    }
    return out.subarray(0, length);
  }

  /** What ends the message, with the CRLF that its last line may lack (RFC 5321 §4.1.1.4). */
  end(): Uint8Array {
    const rest = this.#pendingCr ? " \r\n" : this.#atLineStart ? "" : "\r\n";
    return new TextEncoder().encode(`${rest}.\r\n`);
  }
}

/** The stuffed message in pieces fit for a write, without its end. */
export function* stuffedPieces(raw: Uint8Array, stuffer: DotStuffer): Generator<Uint8Array> {
  for (let at = 0; at < raw.length; at += WIRE_CHUNK_BYTES) {
    yield stuffer.stuff(raw.subarray(at, at + WIRE_CHUNK_BYTES));
  }
}

export interface WireFacts {
  /** Octets of the message with its line ends as sent, without the doubled dots and the last one (RFC 1870 §5). */
  size: number;
  /** Holds octets above 127, and so needs 8BITMIME (RFC 6152 §2). */
  eightBit: boolean;
}

export function surveyMessage(raw: Uint8Array): WireFacts {
  let eightBit = false;
  let bareLineFeeds = 0;
  let before = 0;
  for (const byte of raw) {
    if (byte > 0x7f) eightBit = true;
    else if (byte === LF && before !== CR) bareLineFeeds += 1;
    before = byte;
  }
  const unended = raw.length > 0 && before !== LF ? 2 : 0;
  return { size: raw.length + bareLineFeeds + unended, eightBit };
}
