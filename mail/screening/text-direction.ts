/**
 * Whether text of HTML is shown against the order in which it is written: `moc.knab` behind a right-to-left override
 * reads `bank.com`. Embeddings and isolates, which honest mail in Arabic and Hebrew has, turn no Latin letters.
 */
import { decodeEntities } from "../text/entities.ts";
import type { HtmlToken } from "../text/html-scan.ts";

/** Embeddings and overrides (UAX #9), and what ends the last of them. */
const MARKS = /[\u202a-\u202e]/g;
const OVERRIDES = "\u202d\u202e";
const POP = "\u202c";
/** UAX #9, BD2. */
const MAX_DEPTH = 125;
const MAY_HOLD_MARKS = /[\u202a-\u202e]|&#/;

/** A mark holds through these; any other element begins a paragraph of its own, where it does not. */
const INLINE = new Set(
  "a abbr acronym b bdi bdo big cite code del em font i img ins kbd mark q s small span strike strong sub sup tt u".split(
    " ",
  ),
);

export class TextDirection {
  /** For each mark that is open whether it is an override. */
  #marks: boolean[] = [];
  /** `<bdo>` overrides whatever its direction is. */
  #bdo = 0;

  /** Reads on. True for a text of which some is overridden. */
  isTurned(token: HtmlToken): boolean {
    if (token.kind === "text") return this.#isTextTurned(token.text);
    if (token.name === "bdo") this.#bdo = Math.max(0, this.#bdo + (token.kind === "start" ? 1 : -1));
    if (!INLINE.has(token.name)) this.#marks = [];
    return false;
  }

  #isTextTurned(text: string): boolean {
    let isTurned = text.trim() !== "" && this.#isOverridden();
    if (!MAY_HOLD_MARKS.test(text)) return isTurned;
    for (const [mark] of decodeEntities(text).matchAll(MARKS)) {
      if (mark === POP) this.#marks.pop();
      else if (this.#marks.length < MAX_DEPTH) this.#marks.push(OVERRIDES.includes(mark));
      isTurned ||= this.#isOverridden();
    }
    return isTurned;
  }

  #isOverridden(): boolean {
    return this.#bdo > 0 || this.#marks.at(-1) === true;
  }
}
