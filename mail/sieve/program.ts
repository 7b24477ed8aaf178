/** A script that was checked: every command and test with its arguments, ready to run. */

/** A text with places where variables are put in (RFC 5229 §3); without any, one string or none. */
export type Template = readonly (string | { variable: string } | { match: number })[];

export type Relation = "gt" | "ge" | "lt" | "le" | "eq" | "ne";
export type Comparator = "i;octet" | "i;ascii-casemap" | "i;ascii-numeric";

/** How values are compared with keys (RFC 5228 §2.7, RFC 5231). */
export type Matching = { comparator: Comparator } & (
  | { type: "is" | "contains" | "matches" }
  | { type: "count" | "value"; relation: Relation }
);

export type AddressPart = "all" | "localpart" | "domain" | "user" | "detail";

/** Which of the fields of a name is meant (RFC 5260 §6): the nth, from the last where `from_end`. */
export interface FieldIndex {
  index: number;
  from_end: boolean;
}

/** What a date is told in: an offset in minutes, the one that it came with, or the one of the mesh. */
export type Zone = number | "original" | "local";

/** Where the values come from that a test compares. */
export type Source =
  | { of: "header"; names: Template[]; index: FieldIndex | null }
  | { of: "address"; names: Template[]; index: FieldIndex | null; part: AddressPart }
  | { of: "envelope"; parts: Template[]; part: AddressPart }
  | { of: "body"; as: "raw" | "text" }
  | { of: "body"; as: "content"; types: Template[] }
  | { of: "string"; texts: Template[] }
  /** The flags of variables; null is the internal one (RFC 5232 §2). */
  | { of: "flags"; variables: string[] | null }
  | { of: "date"; name: Template; index: FieldIndex | null; zone: Zone; date_part: string }
  | { of: "currentdate"; zone: Zone; date_part: string };

export type Test =
  | { test: "allof" | "anyof"; tests: Test[] }
  | { test: "not"; negated: Test }
  | { test: "true" | "false" }
  | { test: "exists"; names: Template[] }
  | { test: "size"; is: "over" | "under"; limit: number }
  | { test: "mailboxexists"; folders: Template[] }
  | { test: "compare"; source: Source; matching: Matching; keys: Template[] };

/** RFC 5229 §4.1 */
export type Modifier = "lower" | "upper" | "lowerfirst" | "upperfirst" | "quotewildcard" | "length";

export interface Vacation {
  reason: Template;
  days: number | null;
  subject: Template | null;
  from: Template | null;
  addresses: Template[];
  /** The reason is a MIME entity with its own header. */
  mime: boolean;
  handle: Template | null;
}

export type Command =
  | { command: "if"; branches: { when: Test | null; block: Command[] }[] }
  | { command: "stop" | "discard" }
  /** Null where the internal variable says which flags. */
  | { command: "keep"; flags: Template[] | null }
  | { command: "fileinto"; folder: Template; flags: Template[] | null; copy: boolean; create: boolean }
  | { command: "redirect"; address: Template; copy: boolean }
  | { command: "reject" | "ereject"; reason: Template }
  | { command: "setflag" | "addflag" | "removeflag"; variable: string | null; flags: Template[] }
  | ({ command: "vacation" } & Vacation)
  | { command: "set"; name: string; value: Template; modifiers: Modifier[] };

export interface Program {
  capabilities: ReadonlySet<string>;
  commands: Command[];
}
