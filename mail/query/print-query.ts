/** A tree as the text that the user could have typed: parsing it gives the tree again. */
import { printAge, printCalendarDate } from "./calendar.ts";
import type { Query } from "./query.ts";

/** What the scanner takes for one word, and the parser neither for a keyword nor for an operator or a negation. */
const PLAIN_WORD = /^(?!(?:OR|AND)$)[^\s"“”(){}:-][^\s"“”(){}:]*$/u;
/** A value that begins with two slashes would make a URL of it. */
const PLAIN_VALUE = /^(?!\/\/)[^\s"“”(){}]+$/u;

export function printQuery(query: Query): string {
  switch (query.kind) {
    case "everything":
      return "";
    case "and":
      return query.of.map(printOperand).join(" ");
    case "or":
      return query.of.map(printOperand).join(" OR ");
    case "not":
      return `-${printOperand(query.of)}`;
    case "text":
      if (query.field !== null) return `${query.field}:${printValue(query.text)}`;
      return PLAIN_WORD.test(query.text) ? query.text : `"${query.text}"`;
    case "in":
      return `in:${printValue(query.folder)}`;
    case "is":
      return `is:${query.state}`;
    case "has":
      return `has:${query.what}`;
    case "before":
    case "after":
      return `${query.kind}:${printCalendarDate(query.date)}`;
    case "older_than":
    case "newer_than":
      return `${query.kind}:${printAge(query.age)}`;
    case "larger":
    case "smaller":
      return `${query.kind}:${query.bytes}`;
    case "deliveredto":
      return `deliveredto:${printValue(query.address)}`;
    case "rfc822msgid":
      return `rfc822msgid:${printValue(query.message_id)}`;
  }
}

function printOperand(query: Query): string {
  return query.kind === "and" || query.kind === "or" ? `(${printQuery(query)})` : printQuery(query);
}

function printValue(value: string): string {
  return PLAIN_VALUE.test(value) ? value : `"${value}"`;
}
