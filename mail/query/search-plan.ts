/**
 * A search as the SQL side needs it: one full-text expression that drives it, if there is one, and a small tree of what
 * must hold besides.
 *
 *     SELECT rowid FROM message_fts WHERE message_fts MATCH ? AND <conditions> ORDER BY rowid DESC LIMIT ?
 *     SELECT id FROM message m WHERE <conditions> ORDER BY id DESC LIMIT ?            -- where `match` is null
 *
 * Text is merged as far as it goes: a tree of words alone is one expression, however nested.
 */
import { momentOfAge, startOfDate } from "./calendar.ts";
import { allOf, anyOf, type Expand, type Match, matchOf } from "./match-expression.ts";
import type { AttachmentKind, FilterTerm, MessageState, Query } from "./query.ts";

export type Filter =
  | { kind: "in"; folder: string }
  | { kind: "is"; state: MessageState }
  | { kind: "has"; what: "attachment" | AttachmentKind }
  /** Milliseconds since 1970: received before that moment, or then or after. */
  | { kind: "before" | "after"; at: number }
  | { kind: "larger" | "smaller"; bytes: number }
  | { kind: "rfc822msgid"; message_id: string }
  | { kind: "deliveredto"; address: string };

/** Negation is only at the leaves. `of` has two members at least. */
export type Condition =
  /** `m.id [NOT] IN (SELECT rowid FROM message_fts WHERE message_fts MATCH ?)` */
  | { kind: "match"; match: string; negated: boolean }
  | { kind: "filter"; filter: Filter; negated: boolean }
  | { kind: "and" | "or"; of: Condition[] };

export interface SearchPlan {
  /** The words that a message must have; null when there are none, and messages are to be scanned. */
  match: string | null;
  /** All of them must hold besides. */
  conditions: Condition[];
}

export interface PlanOptions {
  /** Milliseconds since 1970: ages are counted from here. */
  now: number;
  /** Where the user is, as Intl names it (`Europe/Berlin`): days begin by the clocks there. */
  time_zone: string;
  /** What a word that is still being typed may become. */
  expand?: Expand;
}

export function planSearch(query: Query, options: PlanOptions): SearchPlan {
  const whole = toCondition(query, false, options);
  if (whole === null) return { match: null, conditions: [] };
  const conditions = whole.kind === "and" ? whole.of : [whole];
  const driving = conditions.find((condition) => condition.kind === "match" && !condition.negated);
  return {
    match: driving?.kind === "match" ? driving.match : null,
    conditions: conditions.filter((condition) => condition !== driving),
  };
}

/** The query, or its opposite. Null when nothing in it can be asked for. */
function toCondition(query: Query, negated: boolean, options: PlanOptions): Condition | null {
  switch (query.kind) {
    case "everything":
      return null;
    case "not":
      return toCondition(query.of, !negated, options);
    case "and":
    case "or": {
      const kind = (query.kind === "and") === negated ? "or" : "and";
      const of = query.of.map((one) => toCondition(one, negated, options)).filter((one) => one !== null);
      return merge(kind, of);
    }
    case "text": {
      const found = matchOf(query, options.expand ?? (() => []));
      return found === null ? null : { kind: "match", match: found.match, negated };
    }
    default:
      return { kind: "filter", filter: toFilter(query, options), negated };
  }
}

function toFilter(term: FilterTerm, options: PlanOptions): Filter {
  switch (term.kind) {
    case "before":
    case "after":
      return { kind: term.kind, at: startOfDate(term.date, options.time_zone) };
    case "older_than":
    case "newer_than":
      return {
        kind: term.kind === "older_than" ? "before" : "after",
        at: momentOfAge(term.age, options.now),
      };
    default:
      return term;
  }
}

/** One leaf for all the text, first; then the rest in its order. */
function merge(kind: "and" | "or", conditions: Condition[]): Condition | null {
  const flat = conditions.flatMap((condition) => (condition.kind === kind ? condition.of : [condition]));
  const matches: Match[] = flat.filter((condition) => condition.kind === "match");
  const rest = flat.filter((condition) => condition.kind !== "match");
  const of: Condition[] = matches.length === 0 ? rest : [toLeaf(kind, matches), ...rest];
  const [first] = of;
  if (first === undefined) return null;
  return of.length === 1 ? first : { kind, of };
}

function toLeaf(kind: "and" | "or", matches: readonly Match[]): Condition {
  const [only] = matches;
  const merged = matches.length === 1 && only !== undefined ? only : kind === "and" ? allOf(matches) : anyOf(matches);
  return { kind: "match", match: merged.match, negated: merged.negated };
}
