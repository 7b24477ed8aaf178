/**
 * The boundaries of the multiparts around a place in a message (RFC 2046 §5.1.1), and which of them a line is. A message
 * may have five million lines that begin with two hyphens, so no string is made of a line to look it up: its hash says
 * which boundaries it may be, and its bytes whether it is.
 */

const DASH = 0x2d;

interface Boundary {
  bytes: Uint8Array;
  /** How deep the multiparts are that it separates, the innermost last: boundaries may repeat. */
  depths: number[];
}

export class OpenBoundaries {
  readonly #byHash = new Map<number, Boundary[]>();

  /** `boundary` has one character a byte. */
  open(boundary: string, depth: number): void {
    const bytes = Uint8Array.from(boundary, (character) => character.charCodeAt(0));
    const alike = this.#alike(bytes);
    const known = alike.find((one) => isAt(bytes, 0, bytes.length, one));
    if (known === undefined) alike.push({ bytes, depths: [depth] });
    else known.depths.push(depth);
  }

  close(boundary: string): void {
    const bytes = Uint8Array.from(boundary, (character) => character.charCodeAt(0));
    this.#find(bytes, 0, bytes.length, hashOf(bytes))?.depths.pop();
  }

  /** What the line behind the two hyphens is. White space may have been added to its end in transport. */
  match(bytes: Uint8Array, start: number, lineEnd: number): { at: number; isClosing: boolean } | null {
    let end = lineEnd;
    while (end > start && (bytes[end - 1] ?? 0) <= 0x20) end--;
    const isMarked = end - start >= 2 && bytes[end - 1] === DASH && bytes[end - 2] === DASH;
    const unmarkedEnd = isMarked ? end - 2 : end;
    const unmarked = hashOf(bytes, start, unmarkedEnd);
    const whole = isMarked ? hashOf(bytes, unmarkedEnd, end, unmarked) : unmarked;
    const at = this.#find(bytes, start, end, whole)?.depths.at(-1);
    const closingAt = isMarked ? this.#find(bytes, start, unmarkedEnd, unmarked)?.depths.at(-1) : undefined;
    if (closingAt !== undefined && closingAt >= (at ?? 0)) return { at: closingAt, isClosing: true };
    return at === undefined ? null : { at, isClosing: false };
  }

  #find(bytes: Uint8Array, start: number, end: number, hash: number): Boundary | undefined {
    return this.#byHash.get(hash)?.find((boundary) => isAt(bytes, start, end, boundary));
  }

  #alike(bytes: Uint8Array): Boundary[] {
    const hash = hashOf(bytes);
    const alike = this.#byHash.get(hash) ?? [];
    this.#byHash.set(hash, alike);
    return alike;
  }
}

function isAt(bytes: Uint8Array, start: number, end: number, boundary: Boundary): boolean {
  if (end - start !== boundary.bytes.length) return false;
  for (let n = 0; n < boundary.bytes.length; n++) if (bytes[start + n] !== boundary.bytes[n]) return false;
  return true;
}

/** FNV-1a, going on from `hash`. */
function hashOf(bytes: Uint8Array, start = 0, end = bytes.length, hash = 0x811c9dc5): number {
  let all = hash;
  for (let at = start; at < end; at++) all = Math.imul(all ^ (bytes[at] ?? 0), 0x01000193);
  return all;
}
