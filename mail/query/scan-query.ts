/** Splits the text of a query into words, phrases, brackets and minus signs. Every character belongs somewhere. */
import { QUOTES } from "./query.ts";

export interface Lexeme {
  kind: "word" | "phrase" | "open" | "close" | "minus" | "stray_quote";
  /** A phrase is without its quotes. */
  text: string;
  /** Where it begins and ends in the query text, its quotes included. */
  at: number;
  end: number;
}

const SPACE = /\s/u;
const NOT_IN_A_WORD = /[\s"“”(){}]/u;

export function scanQuery(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  const add = (kind: Lexeme["kind"], end: number, inner = text.slice(at, end)) => {
    lexemes.push({ kind, text: inner, at, end });
    at = end;
  };
  while (at < text.length) {
    const character = text.charAt(at);
    if (SPACE.test(character)) at++;
    else if (character === "(" || character === "{") add("open", at + 1);
    else if (character === ")" || character === "}") add("close", at + 1);
    else if (isQuote(character)) {
      const close = nextQuote(text, at + 1);
      if (close < 0) add("stray_quote", at + 1);
      else add("phrase", close + 1, text.slice(at + 1, close));
    } else if (character === "-" && at + 1 < text.length && !/[\s)}]/u.test(text.charAt(at + 1))) add("minus", at + 1);
    else add("word", wordEnd(text, at));
  }
  return lexemes;
}

function isQuote(character: string): boolean {
  return character !== "" && character.replace(QUOTES, "") === "";
}

function nextQuote(text: string, from: number): number {
  const found = text.slice(from).search(QUOTES);
  return found < 0 ? -1 : from + found;
}

function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && !NOT_IN_A_WORD.test(text.charAt(end))) end++;
  return end;
}
