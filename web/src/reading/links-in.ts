/** Web addresses in a text. Nothing else becomes a link: a name that looks like one is a trick more often than not. */

export interface Piece {
  at: number;
  text: string;
  /** Null for what is no address. */
  href: string | null;
}

/** Up to what cannot stand in an address; the mark at its end belongs to the sentence. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`|\\^{}\u3000-\u303f\uff00-\uffef]+/gi;
const MOST_LINKS = 2000;

export function linksIn(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (pieces.length > MOST_LINKS) break;
    const address = withoutEnd(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > end) pieces.push({ at: end, text: text.slice(end, match.index), href: null });
    pieces.push({ at: match.index, text: address, href: new URL(address).href });
    end = match.index + address.length;
  }
  return end < text.length ? [...pieces, { at: end, text: text.slice(end), href: null }] : pieces;
}

const MARKS = ".,;:!?";

/** Without the full stop of the sentence, and the bracket that was opened before the address. Each sign is met once. */
function withoutEnd(address: string): string {
  let open = address.split("(").length - address.split(")").length;
  let end = address.length;
  for (; end > 0; end--) {
    const last = address.charAt(end - 1);
    if (MARKS.includes(last)) continue;
    if (last !== ")" || open >= 0) break;
    open++;
  }
  return address.slice(0, end);
}
