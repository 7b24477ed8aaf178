import type { Query } from "./query.ts";

export interface TakenAsWords {
  /** Offset in the query text, in UTF-16 units. */
  at: number;
  text: string;
  reason: string;
}
export function parseQuery(_text: string): { query: Query; taken_as_words: TakenAsWords[] } {
  throw new Error("being written");
}
