/**
 * Whether a header has what a filter asks of its fields. Text is compared as people read it: unfolded, encoded-words
 * decoded (RFC 2047), without regard to case. Of a field no more is looked at than is ever shown of one.
 */
import type { HeaderMatch } from "../../contract/filters.ts";
import { headerOf } from "../header-fields.ts";
import { decodeField, type Field, readAllFields } from "../parse/fields.ts";
import { decodeHeaderText } from "../parse/header-text.ts";
import { indexOfCounted } from "../sieve/counted-search.ts";
import { matchWildcards } from "../sieve/wildcards.ts";

/** `header`: its bytes, with or without some of the body. */
export const matchesHeaders = (header: Uint8Array, wanted: readonly HeaderMatch[]): boolean =>
  new HeaderMatcher(header).matches(wanted);

/** Characters that all filters together may look at in one message: counted, so that it ends the same way everywhere. */
const MAX_WORK = 32 * 1024 * 1024;

/** One header for many filters: its fields are read once, and where they have too much to compare nothing matches. */
export class HeaderMatcher {
  readonly #header: Uint8Array;
  readonly #texts = new Map<string, readonly string[]>();
  #fields: Field[] | null = null;
  #left = MAX_WORK;

  constructor(header: Uint8Array) {
    this.#header = header;
  }

  matches(wanted: readonly HeaderMatch[]): boolean {
    try {
      return wanted.every((one) => this.#hasMatch(one) !== one.is_not);
    } catch (error) {
      if (error instanceof TooMuch) return false;
      throw error;
    }
  }

  #hasMatch(wanted: HeaderMatch): boolean {
    const texts = this.#textsOf(wanted.field.toLowerCase());
    if (wanted.match === "exists") return texts.length > 0;
    const value = fold(wanted.value);
    return texts.some((text) => {
      this.#spend(text.length + value.length);
      if (wanted.match === "contains") return indexOfCounted(text, value, 0, this.#spend) >= 0;
      return wanted.match === "is" ? text === value.trim() : matchesWildcards(text, value, this.#spend);
    });
  }

  #textsOf(name: string): readonly string[] {
    this.#fields ??= readAllFields(headerOf(this.#header));
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    const named = this.#fields.filter((field) => field.name === name);
    const texts = named.map((field) => fold(decodeHeaderText(decodeField(field.value, null))));
    this.#texts.set(name, texts);
    return texts;
  }

  readonly #spend = (characters: number): void => {
    this.#left -= characters;
    if (this.#left < 0) throw new TooMuch();
  };
}

class TooMuch extends Error {}

const fold = (text: string): string => text.normalize("NFC").toLowerCase();

/** `*` stands for any characters, `?` for one. Sieve's `:matches` has a backslash besides, which is one of them here. */
export const matchesWildcards = (text: string, pattern: string, spend: (characters: number) => void): boolean =>
  matchWildcards(text, pattern.replaceAll("\\", "\\\\"), (same) => same, spend) !== null;
