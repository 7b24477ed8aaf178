/**
 * The tree of a search. It says what the user asked for, in the user's words: no SQL, no folder ids, no clock, so that
 * it can be printed again, and grow to the whole of the language.
 */

export type TextField = "from" | "to" | "subject";
export type MessageState = "read" | "unread" | "flagged" | "draft";

/** A day, a month or a year of the calendar, as far as it was given. */
export interface CalendarDate {
  year: number;
  month: number | null;
  day: number | null;
}

export type Term =
  /** Words next to each other, in any part of the message or in one field. Never holds a double quote. */
  | { kind: "text"; field: TextField | null; text: string }
  | { kind: "in"; folder: string }
  | { kind: "is"; state: MessageState }
  | { kind: "has"; what: "attachment" }
  /** `after:` takes in its first day, `before:` leaves its day out, as in Gmail. */
  | { kind: "before" | "after"; date: CalendarDate };

export type Query = Term | { kind: "everything" } | { kind: "not"; of: Query } | { kind: "and" | "or"; of: Query[] };
