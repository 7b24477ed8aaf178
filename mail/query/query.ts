/**
 * The tree of a search. It says what the user asked for, in the user's words: no SQL, no folder ids, no clock, so that
 * it can be printed again. Build trees with the functions below: they keep the normal form, in which two trees that
 * print alike are alike.
 */
import type { Age, CalendarDate } from "./calendar.ts";

export const TEXT_FIELDS = ["from", "to", "cc", "bcc", "subject", "filename", "list"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export type MessageState = "read" | "unread" | "flagged" | "draft" | "muted" | "snoozed" | "woken";

export const ATTACHMENT_KINDS = ["image", "audio", "video", "pdf", "document", "spreadsheet", "presentation"] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

export interface TextTerm {
  kind: "text";
  field: TextField | null;
  text: string;
  /** The user is still typing its last word: what begins with it is meant as well. */
  is_unfinished?: true;
}

export type FilterTerm =
  | { kind: "in"; folder: string }
  | { kind: "is"; state: MessageState }
  | { kind: "has"; what: "attachment" | AttachmentKind }
  /** `after:` takes in the first moment of its date, `before:` ends just there, as in Gmail. */
  | { kind: "before" | "after"; date: CalendarDate }
  /** The same, so long before now. */
  | { kind: "older_than" | "newer_than"; age: Age }
  /** Strictly: a message of that very size is neither. */
  | { kind: "larger" | "smaller"; bytes: number }
  /** The Message-ID, without angle brackets. */
  | { kind: "rfc822msgid"; message_id: string }
  /** The owner's address that the envelope named, in lower case. */
  | { kind: "deliveredto"; address: string };

/** Words next to each other, in any part of the message or in one field; or something that is no text. */
export type Term = TextTerm | FilterTerm;

export type Query = Term | { kind: "everything" } | { kind: "not"; of: Query } | { kind: "and" | "or"; of: Query[] };

const EVERYTHING: Query = { kind: "everything" };

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
