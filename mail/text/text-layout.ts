/** Lays text out in lines as its elements ask: paragraphs, list items, quotes, preformatted blocks. */

/** Elements that stand on lines of their own; those with a blank line around them in a browser have 2. */
const BREAKS: Record<string, number> = {
  address: 1,
  article: 1,
  aside: 1,
  blockquote: 2,
  body: 1,
  center: 1,
  dd: 1,
  details: 1,
  div: 1,
  dl: 2,
  dt: 1,
  fieldset: 1,
  figcaption: 1,
  figure: 2,
  footer: 1,
  form: 1,
  h1: 2,
  h2: 2,
  h3: 2,
  h4: 2,
  h5: 2,
  h6: 2,
  header: 1,
  hr: 2,
  legend: 1,
  li: 1,
  main: 1,
  nav: 1,
  ol: 2,
  option: 1,
  p: 2,
  pre: 2,
  section: 1,
  summary: 1,
  table: 1,
  tbody: 1,
  tfoot: 1,
  thead: 1,
  tr: 1,
  ul: 2,
};

/** Quotes in quotes in quotes: deeper ones say nothing more. */
const MAX_QUOTE_DEPTH = 10;

export class TextLayout {
  readonly #limit: number;
  readonly #pieces: string[] = [];
  #length = 0;
  /** Line ends to write before the next text. They collapse: the largest wish is granted. */
  #breaks = 0;
  #isSpacePending = false;
  #quoteDepth = 0;
  #preDepth = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#length >= this.#limit;
  }

  openTag(name: string): void {
    if (name === "br") this.#breaks = Math.min(this.#breaks + 1, 2);
    else this.#breakFor(name);
    if (name === "td" || name === "th") this.#isSpacePending = true;
    if (name === "pre") this.#preDepth++;
    if (name === "blockquote") this.#quoteDepth++;
    if (name === "li") {
      this.#write("-");
      this.#isSpacePending = true;
    }
  }

  closeTag(name: string): void {
    this.#breakFor(name);
    if (name === "pre" && this.#preDepth > 0) this.#preDepth--;
    if (name === "blockquote" && this.#quoteDepth > 0) this.#quoteDepth--;
  }

  addText(text: string): void {
    if (this.#preDepth > 0) {
      text.split(/\r\n?|\n/).forEach((line, n) => {
        if (n > 0) this.#breaks = Math.min(this.#breaks + 1, 2);
        if (line.trim() !== "") this.#write(line.trimEnd());
      });
      return;
    }
    const collapsed = text.replace(/[ \t\r\n\f\u00a0]+/g, " ");
    if (collapsed.startsWith(" ")) this.#isSpacePending = true;
    const trimmed = collapsed.trim();
    if (trimmed === "") return;
    this.#write(trimmed);
    this.#isSpacePending = collapsed.endsWith(" ");
  }

  finish(): string {
    const text = this.#pieces.join("").trim();
    return text.length <= this.#limit ? text : text.slice(0, this.#limit).toWellFormed();
  }

  #breakFor(name: string): void {
    this.#breaks = Math.max(this.#breaks, BREAKS[name] ?? 0);
  }

  #write(text: string): void {
    const isFirst = this.#length === 0;
    if (this.#breaks > 0 || isFirst) {
      if (!isFirst) this.#push("\n".repeat(this.#breaks));
      if (this.#quoteDepth > 0) this.#push(`${">".repeat(Math.min(this.#quoteDepth, MAX_QUOTE_DEPTH))} `);
    } else if (this.#isSpacePending) this.#push(" ");
    this.#breaks = 0;
    this.#isSpacePending = false;
    this.#push(text);
  }

  #push(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}
