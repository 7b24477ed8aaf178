/**
 * Words as an FTS5 MATCH expression over the columns of `message_fts`. Everything that a user wrote stands in double
 * quotes, reduced to letters, numbers and spaces: no text is ever FTS5 syntax, and none gives an SQL error.
 */
import { tokens } from "../text/index-text.ts";
import type { TextField, TextTerm } from "./query.ts";

/** The index's columns, in their order. */
export const INDEX_COLUMNS = [
  "subject",
  "sender",
  "recipients",
  "cc",
  "bcc",
  "body",
  "attachment_names",
  "list_id",
] as const;
export type IndexColumn = (typeof INDEX_COLUMNS)[number];

/** As in Gmail, `to:` asks for whoever got the message, in whatever field. */
const COLUMNS_OF = {
  from: "sender",
  to: "{recipients cc bcc}",
  cc: "cc",
  bcc: "bcc",
  subject: "subject",
  filename: "attachment_names",
  list: "list_id",
} as const satisfies Record<TextField, string>;

/** An expression that a message matches, or one that it must not match: FTS5 has no way to say "all that do not". */
export interface Match {
  match: string;
  negated: boolean;
}

/** The words of the index that begin so. At most as many as an expression may have. */
export type Expand = (beginning: string) => string[];

/** The words in a row, in their field. Null when there is nothing in them that the index has. */
export function matchOf(term: TextTerm, expand: Expand): Match | null {
  const match = phraseOf(term.text, term.is_unfinished ? expand : () => []);
  if (match === null) return null;
  return { match: term.field === null ? match : `${COLUMNS_OF[term.field]} : ${match}`, negated: false };
}

/** Messages from or to whoever has the words in a name or address, the last of them as it is being typed. */
export function matchPeople(text: string, expand: Expand): string | null {
  const match = phraseOf(text, expand);
  return match && `{sender recipients cc bcc} : ${match}`;
}

function phraseOf(text: string, expand: Expand): string | null {
  const words = tokens(text);
  const last = words.pop();
  if (last === undefined) return null;
  const phrases = Array.from(new Set([last, ...expand(last)]), (ending) => `"${[...words, ending].join(" ")}"`);
  return phrases.length === 1 ? phrases.join() : `(${phrases.join(" OR ")})`;
}

/** All of them in one expression. */
export function allOf(matches: readonly Match[]): Match {
  const { wanted, unwanted } = divide(matches);
  if (wanted.length === 0) return { match: join("OR", unwanted), negated: true };
  if (unwanted.length === 0) return { match: join("AND", wanted), negated: false };
  return { match: `${join("AND", wanted)} NOT ${join("OR", unwanted)}`, negated: false };
}

/** One of them at least: not (all that are unwanted, without the wanted), after De Morgan. */
export function anyOf(matches: readonly Match[]): Match {
  const { wanted, unwanted } = divide(matches);
  if (unwanted.length === 0) return { match: join("OR", wanted), negated: false };
  if (wanted.length === 0) return { match: join("AND", unwanted), negated: true };
  return { match: `${join("AND", unwanted)} NOT ${join("OR", wanted)}`, negated: true };
}

function divide(matches: readonly Match[]) {
  return {
    wanted: matches.filter((one) => !one.negated).map((one) => one.match),
    unwanted: matches.filter((one) => one.negated).map((one) => one.match),
  };
}

/** In brackets, whatever stands around it: FTS5 binds NOT closer than AND, and AND closer than OR. */
function join(operator: "AND" | "OR", expressions: readonly string[]): string {
  const [only = '""'] = expressions;
  if (expressions.length <= 1) return isSimple(only) ? only : `(${only})`;
  return `(${expressions.map((one) => (isSimple(one) ? one : `(${one})`)).join(` ${operator} `)})`;
}

/** A phrase, or already in brackets as a whole; either may be in a column. */
function isSimple(expression: string): boolean {
  return /^(?:[a-z_]+ : |\{[a-z_ ]+\} : )?(?:"[^"]*"|\([^()]*\))$/u.test(expression);
}
