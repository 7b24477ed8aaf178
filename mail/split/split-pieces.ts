/** A message of pieces as a split one: its skeleton is what was written, its parts are what is stored. */
import type { SplitPart } from "../../contract/split-manifest.ts";
import { concatBytes } from "../compose/bytes.ts";
import { isStored, type Piece, piecesSize } from "../compose/pieces.ts";
import { attachmentsAt } from "./skeleton-contents.ts";
import type { Split } from "./split-message.ts";

/** At least one of the pieces is a stored one. */
export function splitPieces(pieces: readonly Piece[]): Split {
  const contents: Split["contents"] = new Map();
  const parts: SplitPart[] = [];
  const left: Uint8Array[] = [];
  let at = 0;
  for (const piece of pieces) {
    if (!isStored(piece)) {
      left.push(piece);
      at += piece.length;
      continue;
    }
    const { sha256, size, base64, content } = piece;
    if (content !== null) contents.set(sha256, content);
    parts.push({ at, sha256, size, base64, attachment: null });
  }
  const skeleton = concatBytes(left);
  const numbers = attachmentsAt(
    skeleton,
    parts.map((part) => part.at),
  );
  const numbered = parts.map((part, n) => ({ ...part, attachment: numbers[n] ?? null }));
  return { manifest: { version: 1, size: piecesSize(pieces), parts: numbered }, skeleton, contents };
}
