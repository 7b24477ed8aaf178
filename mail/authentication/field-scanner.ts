/** The lexical tokens of a structured field (RFC 5322 §3.2), taken from the front, each character looked at once. */

const KEYWORD = /[a-z0-9_-]+/iy;
/** RFC 8601 §2.2 says token or address; in practice a value goes on to the next white space, ";" or comment. */
const BARE_VALUE = /[^\s;("]+/y;

export class FieldScanner {
  readonly #text: string;
  #at = 0;
  /** The comments that were skipped, in their order. */
  readonly comments: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Lower case. */
  keyword(): string | null {
    return this.#match(KEYWORD)?.toLowerCase() ?? null;
  }

  take(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** A word, a quoted string without its quotes, or both as in `"a b"@example.org`. */
  value(): string | null {
    this.#skipSpace();
    const parts: string[] = [];
    for (;;) {
      const part = this.#text[this.#at] === '"' ? this.#quoted() : this.#bare(BARE_VALUE);
      if (part === null) return parts.length === 0 ? null : parts.join("");
      parts.push(part);
    }
  }

  /** Goes on to the character, past quoted strings and comments, and does not take it. */
  skipTo(character: string): void {
    for (;;) {
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next === undefined || next === character) return;
      if (next === '"') this.#quoted();
      else this.#at++;
    }
  }

  #match(pattern: RegExp): string | null {
    this.#skipSpace();
    return this.#bare(pattern);
  }

  #bare(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  /** RFC 5322 §3.2.4. One that is not closed goes on to the end. */
  #quoted(): string {
    const parts: string[] = [];
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === '"') {
        this.#at++;
        break;
      }
      if (character === "\\") this.#at++;
      parts.push(this.#text[this.#at] ?? "");
    }
    return parts.join("");
  }

  /** White space, line ends and comments, which may hold comments (RFC 5322 §3.2.2). */
  #skipSpace(): void {
    for (;;) {
      const next = this.#text[this.#at];
      if (next === "(") this.#comment();
      else if (next === " " || next === "\t" || next === "\r" || next === "\n") this.#at++;
      else return;
    }
  }

  #comment(): void {
    const start = this.#at + 1;
    for (let depth = 0; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === "\\") this.#at++;
      else if (character === "(") depth++;
      else if (character === ")" && --depth === 0) {
        this.comments.push(this.#text.slice(start, this.#at++));
        return;
      }
    }
  }
}
