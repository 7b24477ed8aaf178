/** What `name:value` means, operator by operator. A new one is a line here, and a kind of term in query.ts. */
import { tokens } from "../text/index-text.ts";
import { type CalendarDate, type MessageState, type Term, type TextField, textTerm } from "./query.ts";

export type ValueProblem = "bad_date" | "unknown_state" | "unknown_value" | "nothing_to_search";

type ReadValue = (value: string) => Term | ValueProblem;

const STATES: Record<string, MessageState> = {
  read: "read",
  unread: "unread",
  flagged: "flagged",
  starred: "flagged",
  draft: "draft",
};

const OPERATORS: Record<string, ReadValue> = {
  from: (value) => readText(value, "from"),
  to: (value) => readText(value, "to"),
  subject: (value) => readText(value, "subject"),
  in: (value) => ({ kind: "in", folder: value }),
  is: (value) => {
    const state = own(STATES, value.toLowerCase());
    return state === undefined ? "unknown_state" : { kind: "is", state };
  },
  has: (value) => (value.toLowerCase() === "attachment" ? { kind: "has", what: "attachment" } : "unknown_value"),
  before: (value) => readDate(value, "before"),
  after: (value) => readDate(value, "after"),
};

/** The operator of that name, in any case. Its value is never empty. */
export function operatorNamed(name: string): ReadValue | null {
  return own(OPERATORS, name.toLowerCase()) ?? null;
}

/** The fields of which a whole group can be asked: `subject:(dinner OR movie)`. */
export function textFieldNamed(name: string): TextField | null {
  const field = name.toLowerCase();
  return field === "from" || field === "to" || field === "subject" ? field : null;
}

/** Words of any field or of one. Those of which the index keeps nothing, such as an emoji, cannot be searched for. */
export function readText(text: string, field: TextField | null): Term | ValueProblem {
  return tokens(text).length === 0 ? "nothing_to_search" : textTerm(text, field);
}

const DATE = /^(\d{4})(?:([-/])(\d{1,2})(?:\2(\d{1,2}))?)?$/u;

function readDate(value: string, kind: "before" | "after"): Term | ValueProblem {
  const date = parseCalendarDate(value);
  return date === null ? "bad_date" : { kind, date };
}

/** YYYY-MM-DD, YYYY/MM/DD, and the same without a day, or without a month. */
export function parseCalendarDate(text: string): CalendarDate | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  const month = match[3] === undefined ? null : Number(match[3]);
  const day = match[4] === undefined ? null : Number(match[4]);
  if (year < 1970) return null;
  const first = new Date(Date.UTC(year, (month ?? 1) - 1, day ?? 1));
  // A date that the calendar does not have rolls over into another month.
  const isReal =
    first.getUTCFullYear() === year && first.getUTCMonth() === (month ?? 1) - 1 && first.getUTCDate() === (day ?? 1);
  return isReal ? { year, month, day } : null;
}

export function printCalendarDate({ year, month, day }: CalendarDate): string {
  const numbers = [String(year).padStart(4, "0")];
  if (month !== null) numbers.push(String(month).padStart(2, "0"));
  if (month !== null && day !== null) numbers.push(String(day).padStart(2, "0"));
  return numbers.join("-");
}

/** The first moment of the date in milliseconds since 1970, for a place that is so many minutes ahead of UTC. */
export function startOfDate({ year, month, day }: CalendarDate, utcOffsetMinutes: number): number {
  return Date.UTC(year, (month ?? 1) - 1, day ?? 1) - utcOffsetMinutes * 60_000;
}

/** A property of the object itself: `constructor:x` is no operator. */
function own<Value>(record: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
