/** A picture of a sender without one: initials of the name, and a colour of the address. */
import type { Address } from "../../../contract/addresses.ts";

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Of the first and the last word; one letter of a name in a script that has no spaces. */
export function initialsOf(sender: Address | null): string {
  const name = sender?.name || sender?.email.split("@")[0] || "";
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];
  const [first = "", last = ""] = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (firstOf(first) + (isSpaceless(first) ? "" : firstOf(last))).toLocaleUpperCase() || "?";
}

const firstOf = (word: string): string => letters.segment(word)[Symbol.iterator]().next().value?.segment ?? "";
const isSpaceless = (word: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word);

/** FNV-1a: near addresses get far colours, and the same on every device. */
export function hueOf(email: string): number {
  let hash = 0x811c9dc5;
  for (const unit of email.toLowerCase()) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % 360;
}
