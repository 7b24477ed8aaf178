/**
 * What a search found, for the reader: a piece of text with the places of the words that were searched for. Plain text
 * and offsets, no markup: nothing of it has to be escaped by anyone but the page that shows it.
 */
import { tokens, withoutDiacritics } from "../text/index-text.ts";
import { type PlacedToken, placedTokens } from "../text/token-positions.ts";
import type { Query, TextField } from "./query.ts";

/** Words in a row that a query asks for. */
export interface Needle {
  field: TextField | null;
  words: string[];
  /** The last word is a beginning. */
  is_unfinished: boolean;
}

export interface Hit {
  /** Offset in the text, in UTF-16 units. */
  at: number;
  length: number;
}

export interface Snippet {
  text: string;
  hits: Hit[];
}

/** What the query wants to be there: words behind a minus are nowhere to be shown. */
export function needlesOf(query: Query, isWanted = true): Needle[] {
  switch (query.kind) {
    case "and":
    case "or":
      return query.of.flatMap((part) => needlesOf(part, isWanted));
    case "not":
      return needlesOf(query.of, !isWanted);
    case "text": {
      const words = tokens(query.text).map(withoutDiacritics);
      return isWanted && words.length > 0
        ? [{ field: query.field, words, is_unfinished: query.is_unfinished ?? false }]
        : [];
    }
    default:
      return [];
  }
}

/** The places of the needles, in their order, none within another. */
export function hitsIn(text: string, needles: readonly Needle[]): Hit[] {
  return found(placedTokens(text), needles).map(({ at, end }) => ({ at, length: end - at }));
}

interface Found {
  at: number;
  end: number;
  needle: Needle;
}

function found(placed: readonly PlacedToken[], needles: readonly Needle[]): Found[] {
  const hits: Found[] = [];
  for (let n = 0; n < placed.length; n++) {
    const lengths = needles.filter((needle) => standsAt(placed, n, needle));
    const longest = lengths.sort((a, b) => b.words.length - a.words.length)[0];
    const [first, last] = [placed[n], placed[n + (longest?.words.length ?? 0) - 1]];
    if (longest === undefined || first === undefined || last === undefined) continue;
    // Two words in one character (`½`) cannot be shown apart.
    const isShared = placed[n - 1]?.at === first.at || placed[n + longest.words.length]?.at === last.at;
    if (!isShared) hits.push({ at: first.at, end: last.end, needle: longest });
    n += longest.words.length - 1;
  }
  return hits;
}

function standsAt(placed: readonly PlacedToken[], n: number, { words, is_unfinished }: Needle): boolean {
  return words.every((word, offset) => {
    const token = placed[n + offset]?.token;
    return is_unfinished && offset === words.length - 1 ? token?.startsWith(word) : token === word;
  });
}

const LENGTH = 200;
/** What stands in front of the first hit. */
const LEAD = 40;
/** A hit further inside is not looked for: the start of the text is shown instead. */
const MAX_SCANNED = 64 * 1024;
const MAX_COMPARED = 64;

/** The piece of the text with the most of the needles, on one line. The beginning, where none is there. */
export function snippetOf(text: string, needles: readonly Needle[]): Snippet {
  const line = text
    .slice(0, MAX_SCANNED)
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  const hits = found(placedTokens(line), needles);
  const from = startOf(line, Math.max(0, bestOf(hits) - LEAD));
  const to = endOf(line, from + LENGTH);
  const [lead, rest] = [from > 0 ? "…" : "", to < line.length || text.length > MAX_SCANNED ? "…" : ""];
  return {
    text: `${lead}${line.slice(from, to)}${rest}`,
    hits: hits
      .filter(({ at, end }) => at >= from && end <= to)
      .map(({ at, end }) => ({ at: at - from + lead.length, length: end - at })),
  };
}

/** Where the piece begins that has the most different needles. */
function bestOf(hits: readonly Found[]): number {
  let [best, most] = [0, 0];
  hits.slice(0, MAX_COMPARED).forEach(({ at }, n) => {
    const within = hits.slice(n, n + MAX_COMPARED).filter(({ end }) => end <= at + LENGTH - LEAD);
    const different = new Set(within.map(({ needle }) => needle)).size;
    if (different > most) [best, most] = [at, different];
  });
  return best;
}

/** At the beginning of a word where one is near, and never inside a character. */
function startOf(line: string, from: number): number {
  const space = line.indexOf(" ", from - 1);
  if (from > 0 && space !== -1 && space < from + LEAD / 2) return space + 1;
  return isLowSurrogate(line, from) ? from - 1 : from;
}

function endOf(line: string, to: number): number {
  if (to >= line.length) return line.length;
  const space = line.lastIndexOf(" ", to);
  if (space > to - LEAD / 2) return space;
  return isLowSurrogate(line, to) ? to - 1 : to;
}

const isLowSurrogate = (line: string, at: number): boolean => /[\udc00-\udfff]/.test(line.charAt(at));
