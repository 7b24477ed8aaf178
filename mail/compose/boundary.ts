/**
 * Boundaries of multipart bodies (RFC 2046 §5.1.1). mimetext takes them from `Math.random`; who can guess one can end
 * a part inside quoted text and write the next part himself.
 */
import { LF } from "./bytes.ts";

const HYPHEN = 45;

export interface Boundaries {
  mixed: string;
  alt: string;
  related: string;
}

/**
 * Made of the caller's seed, which should carry 128 random bits, such as a UUID. It need not be secret after this.
 * Should a body hold the delimiter all the same (a message quoted in full, a seed used twice), the name grows until none
 * does. The three differ in their last letter, so none is the beginning of another.
 */
export function chooseBoundaries(seed: string, bodies: readonly Uint8Array[]): Boundaries {
  // Characters that need no quotes around the parameter, and RFC 2046 §5.1.1 allows 70 of them in all.
  let stem = `mesh-${seed.replace(/[^A-Za-z0-9-]/g, "").slice(0, 48)}`;
  while (bodies.some((body) => hasDelimiter(body, `${stem}-`))) stem += "0";
  return { mixed: `${stem}-m`, alt: `${stem}-a`, related: `${stem}-r` };
}

/** Whether a line begins with `--` and the stem. Base64 has no hyphen, so that the scan ends at each line's first. */
function hasDelimiter(body: Uint8Array, stem: string): boolean {
  const needle = Array.from(`--${stem}`, (letter) => letter.charCodeAt(0));
  for (let at = 0; at !== -1 && at < body.length; at = nextLine(body, at)) {
    if (body[at] === HYPHEN && needle.every((byte, offset) => body[at + offset] === byte)) return true;
  }
  return false;
}

function nextLine(body: Uint8Array, at: number): number {
  const end = body.indexOf(LF, at);
  return end === -1 ? -1 : end + 1;
}
