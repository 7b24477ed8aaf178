/** Variables of one run (RFC 5229): names to texts, and what the last match took. */
import { SieveFailure } from "./failure.ts";
import { MAX_EXPANDED_LENGTH, MAX_MATCH_VARIABLES, MAX_VARIABLE_LENGTH, MAX_VARIABLES } from "./limits.ts";
import type { Modifier, Template } from "./program.ts";

export class Variables {
  readonly #named = new Map<string, string>();
  #matches: readonly string[] = [];

  /** RFC 5229 §3: a variable that was not set is empty. */
  get(name: string): string {
    return this.#named.get(name) ?? "";
  }

  set(name: string, value: string): void {
    if (!this.#named.has(name) && this.#named.size >= MAX_VARIABLES) {
      throw new SieveFailure(`a script has at most ${MAX_VARIABLES} variables`);
    }
    // RFC 5229 §3 lets a value that is too long be cut; half a character is none.
    this.#named.set(name, cut(value));
  }

  setMatches(matches: readonly string[]): void {
    this.#matches = matches.slice(0, MAX_MATCH_VARIABLES + 1).map(cut);
  }

  expand(template: Template): string {
    let text = "";
    for (const piece of template) {
      if (typeof piece === "string") text += piece;
      else text += "variable" in piece ? this.get(piece.variable) : (this.#matches[piece.match] ?? "");
      if (text.length > MAX_EXPANDED_LENGTH) throw new SieveFailure("a text with its variables is too long");
    }
    return text;
  }
}

const cut = (value: string): string =>
  value.length <= MAX_VARIABLE_LENGTH ? value : value.slice(0, MAX_VARIABLE_LENGTH).replace(/[\ud800-\udbff]$/, "");

export function modified(value: string, modifiers: readonly Modifier[]): string {
  return modifiers.reduce((text, modifier) => apply[modifier](text), value);
}

/** RFC 5229 §4.1 speaks of US-ASCII letters at least; other scripts have cases too. */
const apply: Record<Modifier, (text: string) => string> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  lowerfirst: (text) => text.replace(/^./u, (first) => first.toLowerCase()),
  upperfirst: (text) => text.replace(/^./u, (first) => first.toUpperCase()),
  quotewildcard: (text) => text.replace(/[*?\\]/g, "\\$&"),
  // RFC 5229 §4.1.5: in characters.
  length: (text) => String(Array.from(text).length),
};
