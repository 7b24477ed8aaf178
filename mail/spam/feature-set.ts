/**
 * The features of one message: what it has, each counted once, in four groups that are weighed apart, so that a long text
 * does not drown what the header says. Single ones keep their name, so that a verdict can say which spoke loudest; pairs
 * of words, which are many more, are hashes alone. Bounded, whatever the message holds.
 */
import { hashOf, hashOfPair } from "./hash.ts";

const GROUPS = ["header", "words", "structure", "pairs"] as const;
type Group = (typeof GROUPS)[number];
type NamedGroup = Exclude<Group, "pairs">;

export interface Features {
  /** Group after group. */
  hashes: Uint32Array;
  /** Where each group ends. */
  ends: number[];
  /** The names of all but the pairs, a line each: one text crosses RPC more cheaply than a thousand. */
  names: string;
  /** How it begins, byte for byte (beginning.ts): beside the groups, and learnt by the mailbox alone. */
  strings: Uint32Array;
}

const MOST: Record<Group, number> = { header: 300, words: 1200, structure: 500, pairs: 1500 };
const MAX_NAME = 60;

export class FeatureSet {
  readonly #named: Record<NamedGroup, Map<number, string>> = {
    header: new Map(),
    words: new Map(),
    structure: new Map(),
  };
  readonly #pairs = new Set<number>();

  /** Returns its hash. */
  add(group: NamedGroup, name: string): number {
    const short = name.length > MAX_NAME ? name.slice(0, MAX_NAME) : name;
    const hash = hashOf(short);
    const known = this.#named[group];
    if (known.size < MOST[group]) known.set(hash, short);
    return hash;
  }

  addPair(first: number, second: number): void {
    if (this.#pairs.size < MOST.pairs) this.#pairs.add(hashOfPair(first, second));
  }

  finish(strings: Uint32Array = new Uint32Array()): Features {
    const { header, words, structure } = this.#named;
    const named = [header, words, structure];
    const ends = [header.size];
    for (const { size } of [words, structure, this.#pairs]) ends.push((ends.at(-1) ?? 0) + size);
    const hashes = new Uint32Array(ends.at(-1) ?? 0);
    const names: string[] = [];
    let at = 0;
    for (const group of named) {
      for (const [hash, name] of group) {
        hashes[at++] = hash;
        // A name is one line, and some are from a header where a stranger may have left anything.
        names.push(name.includes("\n") ? name.replaceAll("\n", " ") : name);
      }
    }
    for (const hash of this.#pairs) hashes[at++] = hash;
    return { hashes, ends, names: names.join("\n").toWellFormed(), strings };
  }
}
