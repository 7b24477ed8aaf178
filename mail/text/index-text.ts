/**
 * Text as the full-text index keeps it. The index is an FTS5 table with the tokenizer `unicode61 remove_diacritics 2`,
 * which knows words between spaces, and nothing of the rest. What is written goes through `indexable`, and what is
 * searched for goes through it too: so both sides are split alike, whatever the tokenizer makes of a character.
 *
 * Scripts without spaces between words (Han, kana, Thai, Lao, Khmer, Myanmar …) get a space around each character, and
 * a run of them in a query is searched as a phrase: exact substring search without a dictionary. So does Hangul: it
 * has spaces, but they come after the particles, and 학교 must find 학교에서.
 *
 * Marks that are no letters to SQLite (Hebrew points, Arabic vowel signs) are taken out, because it would break the
 * word there. Indic vowel signs break it as well; both sides break alike, so words are still found.
 */

/** Of one field of one message. A longer text is found by its first quarter of a million characters. */
const MAX_INDEXED = 256 * 1024;

const ONE_BY_ONE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Yi}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Tai_Tham}\u30fc]/gu;

/** Format characters that stand inside words and are no part of them, and the points of Hebrew and Arabic. */
const WITHIN_WORDS =
  /(?:[\u034f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]|[\ufe00-\ufe0f]|[\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff])+/gu;

/**
 * Letters that are searched for as others: those with a longer full case folding (Unicode CaseFolding.txt, status F),
 * and the accents that the tokenizer, which knows Latin ones, leaves on Greek and Cyrillic letters.
 */
const FOLDS: Record<string, string> = {
  ß: "ss",
  և: "եւ",
  ς: "σ",
  ά: "α",
  έ: "ε",
  ή: "η",
  ί: "ι",
  ϊ: "ι",
  ΐ: "ι",
  ό: "ο",
  ύ: "υ",
  ϋ: "υ",
  ΰ: "υ",
  ώ: "ω",
  ё: "е",
};
const FOLDED = new RegExp(`[${Object.keys(FOLDS).join("")}]`, "gu");

/**
 * Everything that is no part of a word. The tokenizer's tables are of an older Unicode: it takes what it does not know,
 * a new emoji for one, for a letter, and would glue it to the word beside it.
 */
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}]+/gu;

/** A letter or number, and the diacritics that the tokenizer then drops. It takes other marks for spaces. */
export const TOKEN = /[\p{L}\p{N}][\u0300-\u0331\p{L}\p{N}]*/gu;

/** The text to write into the index: words and spaces, at most `limit` characters. */
export function indexable(text: string, limit = MAX_INDEXED): string {
  // One character can become eighteen (U+FDFA): cut before that too.
  const folded = fold(text.slice(0, limit)).replace(/ {2,}/gu, " ").trim();
  return folded.length <= limit ? folded : folded.slice(0, limit).toWellFormed().trimEnd();
}

/** The same with as many spaces as come of it, so that it can be done to a text in parts: see token-positions.ts. */
export function fold(text: string): string {
  return text
    .toWellFormed()
    .normalize("NFKC")
    .toLowerCase()
    .replace(WITHIN_WORDS, "")
    .normalize("NFC")
    .replace(FOLDED, (letter) => FOLDS[letter] ?? letter)
    .replace(BETWEEN_WORDS, " ")
    .replace(ONE_BY_ONE, " $& ");
}

/** The words of the text as the index has them, up to the diacritics that the tokenizer takes off them. */
export function tokens(text: string): string[] {
  return indexable(text).match(TOKEN) ?? [];
}

/** The word as the tokenizer writes it into the index: it takes the diacritics off the letters a to z, and no others. */
export function withoutDiacritics(token: string): string {
  return token.replace(/\p{Script=Latin}/gu, asciiBase).replace(/[\u0300-\u0331]/gu, "");
}

function asciiBase(letter: string): string {
  const base = letter.normalize("NFD").replace(/\p{M}/gu, "");
  return /^[a-z]$/u.test(base) ? base : letter;
}
