/** `srcset`: addresses with what they are for (HTML §4.8.4.2.2). */
import { REMOTE_MARK } from "./addresses.ts";
import type { WriteImage } from "./css-values.ts";

const DESCRIPTOR = /^[\d.]+[wxh]$/;
const MAX_CANDIDATES = 50;

/** Candidates that can be shown. Bytes in the text itself hold commas, and are left out. */
export function cleanSrcset(text: string, writeImage: WriteImage): string {
  const pieces = text.trim().split(/\s+/, 4 * MAX_CANDIDATES);
  const kept: string[] = [];
  for (let at = 0; at < pieces.length && kept.length < MAX_CANDIDATES; at++) {
    // What is between blanks is one address, commas within it included; one at its end ends the candidate.
    const piece = stripCommas(pieces[at] ?? "");
    if (piece.address === "") continue;
    const next = piece.isEnded ? undefined : pieces[at + 1];
    const descriptor = next === undefined ? "" : stripCommas(next).address;
    if (next !== undefined) at++;
    const isBytes = /^data:/i.test(piece.address) && !piece.address.startsWith(REMOTE_MARK);
    const written = isBytes ? null : writeImage(piece.address);
    if (written !== null && (descriptor === "" || DESCRIPTOR.test(descriptor))) {
      kept.push(descriptor === "" ? written : `${written} ${descriptor}`);
    }
  }
  return kept.join(", ");
}

function stripCommas(piece: string): { address: string; isEnded: boolean } {
  let from = 0;
  let to = piece.length;
  while (piece[from] === "," && from < to) from++;
  while (to > from && piece[to - 1] === ",") to--;
  return { address: piece.slice(from, to), isEnded: to < piece.length };
}
