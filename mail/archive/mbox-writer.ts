/**
 * Writes messages into an mbox: mboxrd, in which every line that reads `>…>From ` gets one more `>`, and nothing is lost.
 * What the message was besides its bytes stands in front of it: see own-mark.ts.
 */

import { concatBytes, LF } from "../compose/bytes.ts";
import { formatFromLine, isFromStart } from "./from-line.ts";
import { isCrlf, withLf } from "./line-ends.ts";
import { formatOwnMark, type OwnMark } from "./own-mark.ts";

export type Exported = Omit<OwnMark, "size" | "line_ends">;

/** One message: separator, mark, quoted bytes, and the empty line that ends it. */
export function toMbox(bytes: Uint8Array, exported: Exported): Uint8Array<ArrayBuffer> {
  const line_ends = isCrlf(bytes) ? "crlf" : "as_is";
  const mark = formatOwnMark({ ...exported, size: bytes.byteLength, line_ends });
  const front = formatFromLine(exported.return_path, exported.received_at) + mark;
  const lines = line_ends === "crlf" ? withLf(bytes) : bytes;
  const isEnded = lines.byteLength === 0 || lines.at(-1) === LF;
  const end = isEnded ? "\n" : "\n\n";
  return concatBytes([encoder.encode(front), ...quoted(lines), encoder.encode(end)]);
}

const encoder = new TextEncoder();
const GREATER = 0x3e;

function quoted(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < bytes.byteLength; ) {
    let first = at;
    while (bytes[first] === GREATER) first++;
    if (isFromStart(bytes.subarray(first, first + 5))) {
      pieces.push(bytes.subarray(from, at), Uint8Array.of(GREATER));
      from = at;
    }
    const lf = bytes.indexOf(LF, first);
    at = lf < 0 ? bytes.byteLength : lf + 1;
  }
  pieces.push(bytes.subarray(from));
  return pieces;
}
