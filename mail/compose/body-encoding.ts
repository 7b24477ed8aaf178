/**
 * Which content transfer encoding (RFC 2045 §6) a body travels in. mimetext labels text `7bit` whatever is in it; here
 * the label follows from the octets.
 */
import { base64 } from "./base64.ts";
import { CR, isEightBit, isTransparent, LF, utf8 } from "./bytes.ts";
import type { Piece } from "./pieces.ts";
import { countSpecial, isFragileLineStart, quotedPrintable } from "./quoted-printable.ts";

export interface EncodedBody {
  encoding: "7bit" | "8bit" | "quoted-printable" | "base64";
  bytes: Uint8Array;
}

/** A body some of which is stored already: see pieces.ts. */
export interface StoredBody {
  encoding: EncodedBody["encoding"];
  pieces: readonly Piece[];
}

export type PartBody = EncodedBody | StoredBody;

export const piecesOf = (body: PartBody): readonly Piece[] => ("bytes" in body ? [body.bytes] : body.pieces);

/** RFC 5322 §2.1.1: 78 characters are what a reader may expect of text that is not encoded. */
const MAX_TEXT_LINE = 78;

/** Quoted-printable adds two octets for each special one, base64 a third and its line ends to all: even at 18.5 %. */
const BASE64_PAYS_ABOVE = 0.185;

/** Text of any alphabet. Its line ends become CRLF, the one form that text has in mail (RFC 2046 §4.1.1). */
export function encodeText(text: string): EncodedBody {
  const bytes = utf8(text.replace(/\r\n?|\n/g, "\r\n"));
  if (isPlainText(bytes)) return { encoding: "7bit", bytes };
  if (countSpecial(bytes) > bytes.length * BASE64_PAYS_ABOVE) return encodeBinary(bytes);
  return { encoding: "quoted-printable", bytes: quotedPrintable(bytes) };
}

/** Octets that should be ASCII and are not always: as they are, or at worst still readable (RFC 6522 §4). */
export function encodeReadable(bytes: Uint8Array): EncodedBody {
  const body = encodeIdentity(bytes);
  return body?.encoding === "7bit" ? body : { encoding: "quoted-printable", bytes: quotedPrintable(bytes) };
}

export function encodeBinary(bytes: Uint8Array): EncodedBody {
  return { encoding: "base64", bytes: base64(bytes) };
}

/**
 * A message inside a message may only be sent as it is (RFC 2046 §5.2.1, RFC 2045 §6.4): a reader that finds base64
 * there may take the letters for the message. Null when these octets cannot travel as they are.
 */
export function encodeIdentity(bytes: Uint8Array): EncodedBody | null {
  if (!isTransparent(bytes)) return null;
  return { encoding: isEightBit(bytes) ? "8bit" : "7bit", bytes };
}

/** Text that no hop has a reason to touch: ASCII, short lines, nothing that mbox or SMTP give a meaning to. */
function isPlainText(bytes: Uint8Array): boolean {
  let lineStart = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    const byte = bytes[at];
    const isLineEnd = byte === undefined || (byte === CR && bytes[at + 1] === LF);
    if (!isLineEnd) {
      const isText = (byte >= 32 && byte < 127) || byte === 9;
      if (!isText || (at === lineStart && isFragileLineStart(bytes, at))) return false;
      continue;
    }
    const last = at > lineStart ? bytes[at - 1] : undefined;
    if (at - lineStart > MAX_TEXT_LINE || last === 32 || last === 9) return false;
    at += 1;
    lineStart = at + 1;
  }
  return true;
}
