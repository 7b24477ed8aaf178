/** A message that was composed with stored files in it, as it is going to be stored: split already, by construction. */
import { MAX_SPLIT_PARTS } from "../../contract/split-manifest.ts";
import type { Content } from "../../durable-objects/mailbox/letter.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import { isOctets, isStored, type Piece, type StoredPiece } from "../../mail/compose/pieces.ts";
import { encodeBase64 } from "../../mail/split/base64-layout.ts";
import { joinWhole } from "../../mail/split/join-message.ts";
import { parseSkeleton } from "../../mail/split/skeleton-contents.ts";
import { splitPieces } from "../../mail/split/split-pieces.ts";
import type { Env } from "../env.ts";
import { MIN_SHARED_BYTES, type Storable, storable } from "./raw-messages.ts";
import { contentOf, readContent } from "./read-content.ts";
import { partReader } from "./split-parts.ts";
import { readBlob } from "./stored-attachments.ts";

/**
 * Someone's long text beside large files stays in the skeleton, up to here: taking out the message as a whole, as is
 * done with what comes from outside, would store the files anew each time that the text is saved.
 */
const MAX_WRITTEN_BYTES = 1024 * 1024;

export async function storablePieces(env: Env, pieces: Piece[]): Promise<{ message: Storable; content: Content }> {
  const shared = chooseShared(pieces);
  const settled: Piece[] = [];
  for (const piece of pieces) settled.push(isStored(piece) && !shared.has(piece) ? await written(env, piece) : piece);
  if (shared.size === 0) return asBytes(concatBytes(settled.filter(isOctets)));
  const split = splitPieces(settled);
  if (split.skeleton.byteLength > MAX_WRITTEN_BYTES) {
    const stored = partReader(env);
    return asBytes(await joinWhole(split, (part) => oneOf(split.contents.get(part.sha256)) ?? stored(part)));
  }
  return { message: { size: split.manifest.size, split, bytes: null }, content: contentOf(await parseSkeleton(split)) };
}

const oneOf = (bytes: Uint8Array | undefined): Uint8Array[] | undefined => bytes && [bytes];

async function asBytes(bytes: Uint8Array<ArrayBuffer>): Promise<{ message: Storable; content: Content }> {
  return { message: await storable(bytes), content: await readContent(bytes) };
}

/** Those that a message may name: large ones, and of them the largest. See docs/decisions/0010-split-and-join.md. */
function chooseShared(pieces: Piece[]): Set<Piece> {
  const large = pieces.filter(isStored).filter(({ size }) => size >= MIN_SHARED_BYTES);
  return new Set(large.sort((a, b) => b.size - a.size).slice(0, MAX_SPLIT_PARTS));
}

async function written(env: Env, { sha256, base64, content }: StoredPiece): Promise<Uint8Array> {
  const bytes = content ?? (await readBlob(env, sha256));
  if (base64 === null) return bytes;
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeBase64([bytes], base64)) chunks.push(chunk);
  return concatBytes(chunks);
}
