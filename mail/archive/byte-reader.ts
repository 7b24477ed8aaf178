/** Reads chunks as lines and blocks, and knows its place. It holds what was asked for and no more. */

import { concatBytes, LF } from "../compose/bytes.ts";

export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array();
  #at = 0;
  #position: number;
  #isEnd = false;

  /** `position` is where the chunks begin in their source. */
  constructor(chunks: AsyncIterable<Uint8Array>, position = 0) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#position = position;
  }

  /** Where the next byte lies in the source. */
  get position(): number {
    return this.#position;
  }

  /** Up to `size` of the next bytes, less only at the end, without taking them. */
  async peek(size: number): Promise<Uint8Array> {
    await this.#need(size);
    return this.#buffer.subarray(this.#at, this.#at + size);
  }

  /** Takes up to `size` bytes, less only at the end. */
  async take(size: number): Promise<Uint8Array> {
    const taken = await this.peek(size);
    this.#advance(taken.byteLength);
    return taken;
  }

  /**
   * Takes a line with its LF, or the first `limit` bytes of a longer one; null at the end. Given at once where it is
   * here already: a promise for each line would take longer than reading it.
   */
  line(limit: number): Uint8Array | null | Promise<Uint8Array | null> {
    const end = this.#lineEnd(limit);
    if (end === null) return this.#laterLine(limit);
    return this.#slice(end);
  }

  async #laterLine(limit: number): Promise<Uint8Array | null> {
    for (;;) {
      const here = this.#buffer.byteLength - this.#at;
      const isMore = await this.#need(here + 1);
      const end = this.#lineEnd(limit);
      if (end !== null) return this.#slice(end);
      if (!isMore) return here === 0 ? null : this.#slice(this.#buffer.byteLength);
    }
  }

  /** Gives back the line that was taken last. */
  rewind(size: number): void {
    this.#advance(-size);
  }

  /** To be called by who stops before the end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #lineEnd(limit: number): number | null {
    const lf = this.#buffer.indexOf(LF, this.#at);
    const end = lf < 0 ? this.#buffer.byteLength : lf + 1;
    if (end - this.#at >= limit) return this.#at + limit;
    return lf < 0 ? null : end;
  }

  #slice(end: number): Uint8Array {
    const slice = this.#buffer.subarray(this.#at, end);
    this.#advance(slice.byteLength);
    return slice;
  }

  #advance(size: number): void {
    this.#at += size;
    this.#position += size;
  }

  /** Gathers chunks until there are so many bytes. False at the end. The old buffer stays whole for who has views of it. */
  async #need(size: number): Promise<boolean> {
    let here = this.#buffer.byteLength - this.#at;
    if (here >= size) return true;
    const gathered = [this.#buffer.subarray(this.#at)];
    while (here < size && !this.#isEnd) {
      const next = await this.#chunks.next();
      if (next.done) this.#isEnd = true;
      else {
        gathered.push(next.value);
        here += next.value.byteLength;
      }
    }
    this.#buffer = concatBytes(gathered);
    this.#at = 0;
    return here >= size;
  }
}
