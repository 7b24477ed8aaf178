/**
 * What a name and a domain look like: two that a reader would take for each other have one key. It is Unicode's
 * skeleton (UTS #39 §4) made coarser by what mail is forged with besides: accents, digits for letters, `rn` for `m`.
 * A key is compared and never shown.
 */
import { toUnicodeDomain } from "../address/domain.ts";
import { registeredDomain } from "../address/organizational-domain.ts";
import { CONFUSABLES } from "./confusables.ts";

const LOOKS_LIKE = new Map(
  Object.entries(CONFUSABLES).flatMap(([to, characters]) => Array.from(characters, (from) => [from, to] as const)),
);
/** Among them are the letters that one cannot tell from `l` in most fonts: `I` is `i` when it is small. */
const AS_LETTERS: Record<string, string> = { 0: "o", 1: "l", 3: "e", 4: "a", 5: "s", 7: "t", 8: "b", 9: "g", i: "l" };

/** Longer names and domains are cut: nobody reads so far. */
const MAX_LENGTH = 253;

/** What a text looks like. */
export function fold(text: string): string {
  const bare = text
    .slice(0, MAX_LENGTH)
    .toWellFormed()
    .normalize("NFKD")
    .replaceAll(/[\p{M}\p{Cf}]/gu, "");
  const latin = Array.from(bare, (character) => {
    // A small capital of another script (`т`) looks like the large letter.
    return LOOKS_LIKE.get(character) ?? LOOKS_LIKE.get(character.toUpperCase()) ?? character;
  });
  const letters = latin
    .join("")
    .toLowerCase()
    .replaceAll(/[01345789i]/g, (sign) => AS_LETTERS[sign] ?? sign);
  return letters.replaceAll("rn", "m").replaceAll("vv", "w");
}

const SCRIPT_WITHOUT_SPACES = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{3,}$/u;

/**
 * Of the name in an address. Empty where it tells nobody from others, as a first name alone. The order of the words,
 * what is between them and the initials do not count: `Doe, Jane Q.` is read as `Jane Doe`.
 */
export function nameKey(name: string): string {
  if (name.includes("@")) return "";
  const words = fold(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 || /[^a-z]/.test(word))
    .sort();
  return words.length > 1 || SCRIPT_WITHOUT_SPACES.test(words[0] ?? "") ? words.join(" ") : "";
}

/** Of the domain that somebody registered, whatever stands in front of it. Written with or without punycode. */
export function domainKey(domain: string): string {
  return fold(toUnicodeDomain(registeredDomain(domain)));
}
