/**
 * What a mailbox has learnt, in a fixed number of cells that features share by their hash: bounded by construction. Each
 * holds in how many messages of either kind a feature was, and how far its word was found to be worth believing. Beside
 * them the weights of how messages begin (second-opinion.ts).
 */
import { STRINGS } from "./beginning.ts";

const CELL_BITS = 18;
export const CELLS = 1 << CELL_BITS;
export const cellOf = (hash: number): number => hash & (CELLS - 1);

/** A weight is kept as a whole number of these. */
export const WEIGHT_UNIT = 1 / 1024;
const MAX_WEIGHT = 32_767;

/** With more messages of a kind all counts are halved: what was learnt long ago and is not seen any more fades. */
export const MAX_COUNTED = 4000;
/** Weights fade more slowly: a halved count still says which kind a word is of. */
const FADED_WEIGHT = 0.75;

/** Pages of the table `classifier_page`: a lesson writes them all, since its features are spread by their hashes. */
const PAGES = 16;
const CELLS_OF_PAGE = CELLS / PAGES;
const BYTES_OF_CELL = 6;
const PAGES_OF_STRINGS = 2;
const STRINGS_OF_PAGE = STRINGS / PAGES_OF_STRINGS;

export class Cells {
  readonly ham = new Uint16Array(CELLS);
  readonly spam = new Uint16Array(CELLS);
  readonly weight = new Int16Array(CELLS);
  readonly stringWeight = new Int16Array(STRINGS);
  hamMessages = 0;
  spamMessages = 0;

  /** `by`: 1 for a message that is learnt, -1 for one that is learnt no more. */
  count(hashes: Uint32Array, isSpam: boolean, by: 1 | -1): void {
    const counts = isSpam ? this.spam : this.ham;
    // After a halving a message may be taken out that is there only by half.
    for (const cell of new Set(Array.from(hashes, cellOf))) counts[cell] = Math.max(0, (counts[cell] ?? 0) + by);
    if (isSpam) this.spamMessages = Math.max(0, this.spamMessages + by);
    else this.hamMessages = Math.max(0, this.hamMessages + by);
    if (this.hamMessages > MAX_COUNTED || this.spamMessages > MAX_COUNTED) this.#fade();
  }

  addWeight(cell: number, change: number): void {
    add(this.weight, cell, change);
  }

  addStringWeight(place: number, change: number): void {
    add(this.stringWeight, place, change);
  }

  #fade(): void {
    for (let cell = 0; cell < CELLS; cell++) {
      this.ham[cell] = (this.ham[cell] ?? 0) >> 1;
      this.spam[cell] = (this.spam[cell] ?? 0) >> 1;
    }
    for (const weights of [this.weight, this.stringWeight]) {
      weights.forEach((weight, at) => {
        weights[at] = Math.trunc(weight * FADED_WEIGHT);
      });
    }
    this.hamMessages >>= 1;
    this.spamMessages >>= 1;
  }

  /** Page 0 is the number of messages, then come the cells, then how messages begin. */
  pages(): Uint8Array[] {
    const head = new Uint8Array(8);
    const view = new DataView(head.buffer);
    view.setUint32(0, this.hamMessages, true);
    view.setUint32(4, this.spamMessages, true);
    const strings = Array.from({ length: PAGES_OF_STRINGS }, (_, n) => this.#pageOfStrings(n));
    return [head, ...Array.from({ length: PAGES }, (_, n) => this.#page(n)), ...strings];
  }

  #page(n: number): Uint8Array {
    const page = new Uint8Array(CELLS_OF_PAGE * BYTES_OF_CELL);
    const view = new DataView(page.buffer);
    for (let at = 0; at < CELLS_OF_PAGE; at++) {
      const cell = n * CELLS_OF_PAGE + at;
      view.setUint16(at * BYTES_OF_CELL, this.ham[cell] ?? 0, true);
      view.setUint16(at * BYTES_OF_CELL + 2, this.spam[cell] ?? 0, true);
      view.setInt16(at * BYTES_OF_CELL + 4, this.weight[cell] ?? 0, true);
    }
    return page;
  }

  #pageOfStrings(n: number): Uint8Array {
    const page = new Uint8Array(STRINGS_OF_PAGE * 2);
    const view = new DataView(page.buffer);
    const weights = this.stringWeight.subarray(n * STRINGS_OF_PAGE, (n + 1) * STRINGS_OF_PAGE);
    weights.forEach((weight, at) => {
      view.setInt16(at * 2, weight, true);
    });
    return page;
  }

  /** A page that is missing or of another size is one of which nothing was learnt. */
  static from(pages: ReadonlyMap<number, Uint8Array>): Cells {
    const cells = new Cells();
    const head = pages.get(0);
    if (head?.byteLength === 8) {
      const view = new DataView(head.buffer, head.byteOffset);
      cells.hamMessages = view.getUint32(0, true);
      cells.spamMessages = view.getUint32(4, true);
    }
    for (let n = 0; n < PAGES; n++) {
      const page = pages.get(n + 1);
      if (page?.byteLength === CELLS_OF_PAGE * BYTES_OF_CELL) cells.#take(n, page);
    }
    for (let n = 0; n < PAGES_OF_STRINGS; n++) {
      const page = pages.get(n + 1 + PAGES);
      if (page?.byteLength === STRINGS_OF_PAGE * 2) cells.#takeStrings(n, page);
    }
    return cells;
  }

  #take(n: number, page: Uint8Array): void {
    const view = new DataView(page.buffer, page.byteOffset);
    for (let at = 0; at < CELLS_OF_PAGE; at++) {
      const cell = n * CELLS_OF_PAGE + at;
      this.ham[cell] = view.getUint16(at * BYTES_OF_CELL, true);
      this.spam[cell] = view.getUint16(at * BYTES_OF_CELL + 2, true);
      this.weight[cell] = view.getInt16(at * BYTES_OF_CELL + 4, true);
    }
  }
  #takeStrings(n: number, page: Uint8Array): void {
    const view = new DataView(page.buffer, page.byteOffset);
    for (let at = 0; at < STRINGS_OF_PAGE; at++) {
      this.stringWeight[n * STRINGS_OF_PAGE + at] = view.getInt16(at * 2, true);
    }
  }
}

function add(weights: Int16Array, at: number, change: number): void {
  const units = (weights[at] ?? 0) + Math.round(change / WEIGHT_UNIT);
  weights[at] = Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, units));
}
