/**
 * Where in a text its words stand, as the index has them. Folding changes lengths (`½` becomes two words, `ß` two
 * letters), so it is done character by character: each with the marks, joiners and jamo behind it, which fold together.
 */
import { fold, TOKEN, withoutDiacritics } from "./index-text.ts";

export interface PlacedToken {
  /** As it is in the index, without diacritics. */
  token: string;
  /** Offsets in the text, in UTF-16 units. */
  at: number;
  end: number;
}

const CHUNK = /\S+/gu;
const ASCII = /^[\x21-\x7e]+$/;
const ASCII_TOKEN = /[a-z0-9]+/g;
/** A character with all that may melt into it: marks, what is hidden in words, vowels and finals of Hangul, voicing. */
const CLUSTER =
  /.(?:\p{M}|[\u00ad\u0640\u1160-\u11ff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ud7b0-\ud7fb\ufeff\uff9e\uff9f])*/gsu;

export function placedTokens(text: string): PlacedToken[] {
  const folds = new Map<string, string>();
  return Array.from(text.matchAll(CHUNK)).flatMap(({ 0: chunk, index }) =>
    ASCII.test(chunk) ? inAscii(chunk, index) : inChunk(chunk, index, folds),
  );
}

/** Most of most mail: nothing changes its length. */
function inAscii(chunk: string, start: number): PlacedToken[] {
  return Array.from(chunk.toLowerCase().matchAll(ASCII_TOKEN), ({ 0: token, index }) => ({
    ...{ token, at: start + index, end: start + index + token.length },
  }));
}

function inChunk(chunk: string, start: number, folds: Map<string, string>): PlacedToken[] {
  let folded = "";
  /** For each unit of the folded text, which cluster it came from. */
  const origins: { at: number; end: number }[] = [];
  for (const { 0: cluster, index } of chunk.matchAll(CLUSTER)) {
    const piece = folds.get(cluster) ?? fold(cluster);
    folds.set(cluster, piece);
    folded += piece;
    const origin = { at: start + index, end: start + index + cluster.length };
    for (let unit = 0; unit < piece.length; unit++) origins.push(origin);
  }
  return Array.from(folded.matchAll(TOKEN), ({ 0: token, index }) => ({
    token: withoutDiacritics(token),
    at: origins[index]?.at ?? start,
    end: origins[index + token.length - 1]?.end ?? start,
  }));
}
