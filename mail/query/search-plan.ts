/** A search as the SQL side needs it. */
import type { MessageState, Query } from "./query.ts";

export type Filter =
  | { kind: "in"; folder: string }
  | { kind: "is"; state: MessageState }
  | { kind: "has"; what: "attachment" }
  /** Milliseconds since 1970: received before (exclusive), or at or after. */
  | { kind: "before" | "after"; at: number };

/** Negation is only at the leaves. */
export type Condition =
  /** `m.id [NOT] IN (SELECT rowid FROM message_fts WHERE message_fts MATCH ?)` */
  | { kind: "match"; match: string; negated: boolean }
  | { kind: "filter"; filter: Filter; negated: boolean }
  | { kind: "and" | "or"; of: Condition[] };

export interface SearchPlan {
  /** `FROM message_fts WHERE message_fts MATCH ?` drives the search; null when no word must be there: scan messages. */
  match: string | null;
  /** All of them must hold besides. */
  conditions: Condition[];
}

export function planSearch(_query: Query, _options: { utc_offset_minutes?: number } = {}): SearchPlan {
  throw new Error("being written");
}
