/** What an IMAP server says, cut into responses, and what a search is called in IMAP. No sockets. */

/**
 * Cuts bytes into responses. A response is a line, and where the line ends in `{n}` the n bytes that follow it (a
 * literal, which may hold anything, line ends too) and the line that goes on behind them.
 */
export class ImapResponses {
  #waiting = Buffer.alloc(0);
  /** Bytes of #waiting that belong to the first response for certain: its lines and literals so far. */
  #seen = 0;

  /** The responses that these bytes complete, without their last line end. */
  take(chunk: Buffer): Buffer[] {
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    const complete: Buffer[] = [];
    while (this.#seen <= this.#waiting.length) {
      const end = this.#waiting.indexOf("\r\n", this.#seen);
      if (end < 0) break;
      const literal = literalLength(this.#waiting.subarray(this.#seen, end));
      if (literal !== undefined) {
        this.#seen = end + 2 + literal;
        continue;
      }
      complete.push(this.#waiting.subarray(0, end));
      this.#waiting = this.#waiting.subarray(end + 2);
      this.#seen = 0;
    }
    return complete;
  }
}

function literalLength(line: Buffer): number | undefined {
  if (line.at(-1) !== 0x7d) return undefined;
  const [, digits] = /\{(\d{1,15})\+?\}$/.exec(line.subarray(-20).toString("latin1")) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The numbers of `* SEARCH 4 9`, ascending; none if it is another response. */
export function foundIn(response: Buffer): number[] {
  const text = response.toString("latin1");
  return text.startsWith("* SEARCH ") ? text.slice(9).split(" ").map(Number) : [];
}

/** Words, a phrase or `from:word` of bench/queries.ts as IMAP search keys, all of which must be true. */
export function imapSearch(q: string): string {
  const keys = q.match(/"[^"]*"|\S+/g) ?? [];
  const isAscii = /^[ -~]*$/.test(q);
  return (isAscii ? "" : "CHARSET UTF-8 ") + keys.map(searchKey).join(" ");
}

function searchKey(word: string): string {
  const [, sender] = /^from:(.+)$/.exec(word) ?? [];
  if (sender !== undefined) return `FROM ${astring(sender)}`;
  return `TEXT ${astring(word.replaceAll('"', ""))}`;
}

/** Quoted where quoting is allowed, else a literal that waits for no answer (LITERAL+). */
const astring = (text: string): string =>
  /^[ -~]*$/.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : `{${Buffer.byteLength(text)}+}\r\n${text}`;
