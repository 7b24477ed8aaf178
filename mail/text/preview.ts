/** The line under a subject in a list: the first words that the writer wrote for this reader. */

const DEFAULT_LENGTH = 140;
/** How far into a message the first words are looked for. */
const MAX_SCANNED = 20_000;
/** One visible character may be made of many code points; one of a thousand is an attack on the list. */
const MAX_UNITS_PER_CHARACTER = 16;

/** Zero-width characters and soft hyphens: newsletters fill a preheader with them to keep the rest out of the preview. */
const FILLER =
  /[\u034f\u17b4\u17b5\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]+/gu;
/** Joiners mean something inside a word (emoji, Indic scripts), and fill space outside of one. */
const STRAY_JOINER = /(?<![^\s])\u200d+|\u200d+(?![^\s])/gu;
const LINK_IN_BRACKETS = /[<([]\s*(?:https?:\/\/|mailto:)[^\s<>()[\]]{0,4096}\s*[>)\]]/giu;
/** RFC 3676 §4.3: what follows is the signature. */
const SIGNATURE = /^-- ?$/u;
const ATTRIBUTION =
  /^(?:On|Am|Le|El|Il|Op|Em|W dniu|Den|På)\b.{4,300}(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|napisał|skrev).{0,40}:$/iu;
const ORIGINAL = /^-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine)\s*-{2,}$/iu;
const SAYS_SOMETHING = /[\p{L}\p{N}\p{Emoji_Presentation}\p{So}]/u;

/** At most `length` visible characters on one line, with an ellipsis where something follows. */
export function preview(text: string, length = DEFAULT_LENGTH): string {
  const lines = text
    .slice(0, MAX_SCANNED)
    .toWellFormed()
    .split(/\r\n?|[\n\u2028\u2029]/u);
  // A message that holds nothing but a quote is previewed by it.
  const line = oneLine(ownLines(lines)) || oneLine(lines.map((quoted) => quoted.replace(/^[>\s]+/u, "")));
  return cut(line, length);
}

function ownLines(lines: readonly string[]): string[] {
  const own: string[] = [];
  for (const line of lines) {
    const trimmed = line.trim();
    if (SIGNATURE.test(trimmed) && own.length > 0) break;
    if (ORIGINAL.test(trimmed)) break;
    if (trimmed.startsWith(">") || ATTRIBUTION.test(trimmed)) continue;
    own.push(trimmed);
  }
  return own;
}

function oneLine(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(LINK_IN_BRACKETS, " ").replace(FILLER, ""))
    .filter((line) => SAYS_SOMETHING.test(line))
    .join(" ")
    .replace(/[\s\p{Cc}\u2800]+/gu, " ")
    .replace(STRAY_JOINER, "")
    .replace(/ {2,}/gu, " ")
    .trim();
}

/** Between graphemes (UAX 29), and between words where the cut is near the end of one. */
function cut(line: string, length: number): string {
  if (line.length <= length) return line;
  let kept = "";
  let characters = 0;
  const budget = length * MAX_UNITS_PER_CHARACTER;
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(line.slice(0, budget))) {
    if (characters === length) return `${atWordEnd(kept)}…`;
    if (segment.length > MAX_UNITS_PER_CHARACTER * 2)
      return `${(kept + segment.slice(0, MAX_UNITS_PER_CHARACTER)).toWellFormed()}…`;
    kept += segment;
    characters++;
  }
  return line.length > budget ? `${kept.toWellFormed()}…` : kept;
}

function atWordEnd(kept: string): string {
  const space = kept.lastIndexOf(" ");
  return (space > Math.max(0, kept.length - 20) ? kept.slice(0, space) : kept).trimEnd();
}
