/** 32-bit hashes of features. They are kept in databases and in the prior: another hash is another language. */

/** FNV-1a over UTF-16 code units, finished as MurmurHash3 does: its low bits pick cells, and FNV's alone are too regular. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return finish(hash);
}

/** Of two features one behind the other: not the same the other way round. */
export const hashOfPair = (first: number, second: number): number =>
  finish(Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b));

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
