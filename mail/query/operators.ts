/** What `name:value` means, operator by operator. A new one is a line here, and a kind of term in query.ts. */
import { tokens } from "../text/index-text.ts";
import { parseByteSize } from "./byte-size.ts";
import { parseAge, parseCalendarDate } from "./calendar.ts";
import { ATTACHMENT_KINDS, type MessageState, TEXT_FIELDS, type Term, type TextField, textTerm } from "./query.ts";

export type ValueProblem =
  | "bad_date"
  | "bad_age"
  | "bad_size"
  | "unknown_state"
  | "unknown_value"
  | "nothing_to_search";

type ReadValue = (value: string) => Term | ValueProblem;

const STATES: Record<string, MessageState> = {
  read: "read",
  unread: "unread",
  flagged: "flagged",
  starred: "flagged",
  draft: "draft",
  muted: "muted",
  snoozed: "snoozed",
  woken: "woken",
};

const text = (field: TextField): ReadValue => {
  return (value) => readText(value, field);
};
const inFolder: ReadValue = (value) => ({ kind: "in", folder: value });
const dated = (kind: "before" | "after"): ReadValue => {
  return (value) => read(parseCalendarDate(value), "bad_date", (date) => ({ kind, date }));
};
const aged = (kind: "older_than" | "newer_than"): ReadValue => {
  return (value) => read(parseAge(value), "bad_age", (age) => ({ kind, age }));
};
const sized = (kind: "larger" | "smaller"): ReadValue => {
  return (value) => read(parseByteSize(value), "bad_size", (bytes) => ({ kind, bytes }));
};

const OPERATORS: Record<string, ReadValue> = {
  from: text("from"),
  to: text("to"),
  cc: text("cc"),
  bcc: text("bcc"),
  subject: text("subject"),
  filename: text("filename"),
  list: text("list"),
  in: inFolder,
  label: inFolder,
  is: (value) => read(own(STATES, value.toLowerCase()), "unknown_state", (state) => ({ kind: "is", state })),
  has: (value) => {
    const wanted = value.toLowerCase();
    const what = (["attachment", ...ATTACHMENT_KINDS] as const).find((one) => one === wanted);
    return read(what, "unknown_value", (known) => ({ kind: "has", what: known }));
  },
  before: dated("before"),
  older: dated("before"),
  after: dated("after"),
  newer: dated("after"),
  older_than: aged("older_than"),
  newer_than: aged("newer_than"),
  larger: sized("larger"),
  size: sized("larger"),
  smaller: sized("smaller"),
  deliveredto: (value) => ({ kind: "deliveredto", address: value.toLowerCase() }),
  rfc822msgid: (value) => {
    const message_id = value.replace(/\s+/gu, "").replace(/^<+|>+$/gu, "");
    return message_id === "" ? "nothing_to_search" : { kind: "rfc822msgid", message_id };
  },
};

/** The operator of that name, in any case. Its value is never empty. */
export function operatorNamed(name: string): ReadValue | null {
  return own(OPERATORS, name.toLowerCase()) ?? null;
}

/** The fields of which a whole group can be asked: `subject:(dinner OR movie)`. */
export function textFieldNamed(name: string): TextField | null {
  const field = name.toLowerCase();
  return TEXT_FIELDS.find((one) => one === field) ?? null;
}

/** Words of any field or of one. Those of which the index keeps nothing, such as an emoji, cannot be searched for. */
export function readText(words: string, field: TextField | null): Term | ValueProblem {
  return tokens(words).length === 0 ? "nothing_to_search" : textTerm(words, field);
}

function read<Value>(value: Value | null | undefined, problem: ValueProblem, toTerm: (value: Value) => Term) {
  return value === null || value === undefined ? problem : toTerm(value);
}

/** A property of the object itself: `constructor:x` is no operator. */
function own<Value>(record: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
