/**
 * A message that is being written, with files in it that are stored already: octets, and in their place the names of
 * what is put in when the message is joined. So a draft with 20 MB of files costs what was typed.
 */
import type { Base64Layout } from "../../contract/split-manifest.ts";
import { encodedSize } from "../split/base64-layout.ts";

export interface StoredPiece {
  sha256: string;
  size: number;
  /** How the stored bytes stand in the message; null: as they are. */
  base64: Base64Layout | null;
  /** The stored bytes, where they have just come and are not stored yet. */
  content: Uint8Array<ArrayBuffer> | null;
}

export type Piece = Uint8Array | StoredPiece;

export const isOctets = (piece: Piece): piece is Uint8Array => piece instanceof Uint8Array;
export const isStored = (piece: Piece): piece is StoredPiece => !isOctets(piece);

/** What base64.ts writes (RFC 2045 §6.8). */
export const MIME_BASE64: Base64Layout = { line: 76, line_end: "crlf", is_padded: true };

/** Bytes of the message that a piece makes. */
function pieceSize(piece: Piece): number {
  if (!isStored(piece)) return piece.length;
  return piece.base64 === null ? piece.size : encodedSize(piece.size, piece.base64);
}

export const piecesSize = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + pieceSize(piece), 0);
