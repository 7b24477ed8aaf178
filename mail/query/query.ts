/**
 * The tree of a search. It says what the user asked for, in the user's words: no SQL, no folder ids, no clock, so that
 * it can be printed again, and grow to the whole of the language. Build trees with the functions below: they keep the
 * normal form, in which two trees that print alike are alike.
 */

export type TextField = "from" | "to" | "subject";
export type MessageState = "read" | "unread" | "flagged" | "draft";

/** A day, a month or a year of the calendar, as far as it was given. Months count from 1. */
export interface CalendarDate {
  year: number;
  month: number | null;
  day: number | null;
}

export type TextTerm = { kind: "text"; field: TextField | null; text: string };

export type FilterTerm =
  | { kind: "in"; folder: string }
  | { kind: "is"; state: MessageState }
  | { kind: "has"; what: "attachment" }
  /** `after:` takes in the first moment of its date, `before:` ends just there, as in Gmail. */
  | { kind: "before" | "after"; date: CalendarDate };

/** Words next to each other, in any part of the message or in one field; or something that is no text. */
export type Term = TextTerm | FilterTerm;

export type Query = Term | { kind: "everything" } | { kind: "not"; of: Query } | { kind: "and" | "or"; of: Query[] };

export const EVERYTHING: Query = { kind: "everything" };

/** The characters that open and close a phrase. Keyboards of phones write the curly ones. */
export const QUOTES = /["“”]/gu;

/** Words in the user's spelling. A quote cannot be searched for, and would end the phrase when it is printed. */
export function textTerm(text: string, field: TextField | null = null): TextTerm {
  return { kind: "text", field, text: text.replace(QUOTES, " ").trim() };
}

/** All of them. Without any it asks for everything. */
export function and(queries: readonly Query[]): Query {
  return combine("and", queries);
}

/** One of them at least. Without any it asks for everything, as a search box does that nothing was typed into. */
export function or(queries: readonly Query[]): Query {
  return combine("or", queries);
}

export function not(query: Query): Query {
  return query.kind === "not" ? query.of : { kind: "not", of: query };
}

function combine(kind: "and" | "or", queries: readonly Query[]): Query {
  const of = queries.flatMap((query) => (query.kind === kind ? query.of : query.kind === "everything" ? [] : [query]));
  const [first] = of;
  if (first === undefined) return EVERYTHING;
  return of.length === 1 ? first : { kind, of };
}
