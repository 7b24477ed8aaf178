/**
 * The tags and texts of HTML, in one pass without a tree: linear in time and memory for any input. It follows the
 * tokenizer of HTML §13.2.5 except where that would swallow text up to the end of the document (an unclosed comment,
 * quote, script): then the text is kept.
 */

/** Longer than this, a tag is taken to be one whose quote was never closed, and ends at its first ">". */
const MAX_TAG = 8192;
/** Text is handed on in pieces of this size, so that a full layout ends the work. */
const MAX_TOKEN = 65_536;

export type HtmlToken =
  | { kind: "text"; text: string }
  | { kind: "start"; name: string; attributes: string }
  | { kind: "end"; name: string };

export class HtmlScan {
  readonly #html: string;
  #at = 0;
  /** Searches that found nothing up to the end of the document, and so will find nothing again. */
  readonly #absent = new Set<string>();

  constructor(html: string) {
    this.#html = html;
  }

  next(): HtmlToken | null {
    const html = this.#html;
    while (this.#at < html.length) {
      const start = this.#at;
      const open = html.indexOf("<", start);
      if (open < 0) return this.#textTo(start, html.length);
      if (open > start) return this.#textTo(start, open);
      const following = html.charAt(open + 1);
      if (following === "!" || following === "?") {
        if (this.#skipDeclaration(open)) continue;
        return this.#textTo(open, open + 1);
      }
      const isEnd = following === "/";
      const name = tagName(html, open + (isEnd ? 2 : 1));
      const end = name === "" ? -1 : this.#tagEnd(open);
      if (end < 0) return this.#textTo(open, open + 1);
      this.#at = end + 1;
      if (isEnd) return { kind: "end", name };
      return { kind: "start", name, attributes: html.slice(open + 1 + name.length, Math.min(end, open + MAX_TAG)) };
    }
    return null;
  }

  /** Moves behind the element's end tag. Without one the element is taken as empty. */
  skipElement(name: string): void {
    const closing = this.#search(`</${name}`, this.#at);
    if (closing < 0) return;
    const end = this.#find(">", closing);
    this.#at = end < 0 ? this.#html.length : end + 1;
  }

  #textTo(start: number, end: number): HtmlToken {
    let to = Math.min(end, start + MAX_TOKEN);
    // Not in the middle of a character reference.
    const reference = to < end ? this.#html.lastIndexOf("&", to) : -1;
    if (reference > start && reference > to - 40) to = reference;
    this.#at = to;
    return { kind: "text", text: this.#html.slice(start, to) };
  }

  /** Comments, doctypes, processing instructions, and the conditional comments of Outlook. */
  #skipDeclaration(open: number): boolean {
    const html = this.#html;
    const isComment = html.startsWith("<!--", open) && !html.startsWith("<!-->", open);
    let end = isComment ? this.#find("-->", open + 2) : -1;
    if (end >= 0) end += 2;
    else end = this.#find(">", open);
    if (end < 0) return false;
    this.#at = end + 1;
    return true;
  }

  /** The position of the ">" that ends the tag, outside of quoted values. */
  #tagEnd(open: number): number {
    const html = this.#html;
    const first = this.#find(">", open);
    if (first < 0) return -1;
    // Most tags have no ">" in a value. Quotes open a value only after "=".
    let at = open;
    while (at < html.length && at - open <= MAX_TAG) {
      const character = html.charAt(at);
      if (character === ">") return at;
      if (character !== "=") {
        at++;
        continue;
      }
      at++;
      while (isSpace(html.charCodeAt(at))) at++;
      const quote = html.charAt(at);
      if (quote !== '"' && quote !== "'") continue;
      const close = this.#find(quote, at + 1);
      if (close < 0) break;
      at = close + 1;
    }
    return first;
  }

  #find(text: string, from: number): number {
    if (this.#absent.has(text)) return -1;
    const found = this.#html.indexOf(text, from);
    if (found < 0) this.#absent.add(text);
    return found;
  }

  #search(text: string, from: number): number {
    if (this.#absent.has(text)) return -1;
    const pattern = new RegExp(text, "gi");
    pattern.lastIndex = from;
    const found = pattern.exec(this.#html)?.index ?? -1;
    if (found < 0) this.#absent.add(text);
    return found;
  }
}

/** A letter, then anything up to a space, a slash or the tag's end (HTML §13.2.5.8). */
function tagName(html: string, from: number): string {
  const name = /^[A-Za-z][^\s/<>]{0,30}/.exec(html.slice(from, from + 31))?.[0] ?? "";
  return name.toLowerCase();
}

/** HTML §13.2.5.32 and following: what stands in quotes is a value, and a quote or a slash ends one as a blank does. */
const ATTRIBUTE =
  /[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >]*)))?/gy;

/** By name in lower case; of two with one name the first counts. Character references are not resolved. */
export function attributesOf(attributes: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", double, single, bare = ""] of attributes.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, double ?? single ?? bare);
  }
  return found;
}

export const attribute = (attributes: string, name: string): string => attributesOf(attributes).get(name) ?? "";

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
