/**
 * The search language: text in, a tree out. Every text is a query, and nothing throws: what cannot be understood is
 * searched as words, and reported with its place. The grammar is in docs/search.md.
 */
import { operatorNamed, readText, textFieldNamed, type ValueProblem } from "./operators.ts";
import { and, not, or, type Query, type TextField } from "./query.ts";
import { type Lexeme, scanQuery } from "./scan-query.ts";

export type TakenReason =
  | ValueProblem
  | "unknown_operator"
  | "empty_value"
  | "lone_minus"
  | "lone_keyword"
  | "empty_group"
  | "unbalanced_quote"
  | "unbalanced_bracket"
  | "too_deep"
  | "too_many_terms"
  | "too_long";

/** A piece of the query that does not do what it seems to say. */
export interface TakenAsWords {
  /** Offset in the query text, in UTF-16 units. */
  at: number;
  text: string;
  reason: TakenReason;
}

export interface ParsedQuery {
  query: Query;
  taken_as_words: TakenAsWords[];
}

const MAX_CHARACTERS = 1000;
/** Each may become a parameter of one SQL statement, which has a hundred at most. */
const MAX_TERMS = 64;
/** FTS5 takes expressions of a depth of 256. */
const MAX_DEPTH = 20;

const KEYWORD = /^(?:OR|AND)$/u;
const OPERATOR = /^([a-z][a-z0-9_]*):(.*)$/isu;

export interface ParseOptions {
  /** The text is still being typed: its last word may be the beginning of one, unless something stands behind it. */
  is_unfinished?: boolean;
}

export function parseQuery(text: string, options: ParseOptions = {}): ParsedQuery {
  const parser = new Parser(text.slice(0, MAX_CHARACTERS).toWellFormed(), options);
  const query = parser.run();
  if (text.length > MAX_CHARACTERS)
    parser.report(MAX_CHARACTERS, text.slice(MAX_CHARACTERS).toWellFormed(), "too_long");
  return { query, taken_as_words: parser.taken.sort((a, b) => a.at - b.at) };
}

/** What is around the lexeme being read. */
interface Context {
  depth: number;
  field: TextField | null;
  /** The bracket that would close the group; "" at the outermost level. */
  closer: ")" | "}" | "";
}

class Parser {
  readonly taken: TakenAsWords[] = [];
  readonly #text: string;
  readonly #lexemes: Lexeme[];
  #next = 0;
  #terms = 0;
  /** Closing brackets that groups around the current place wait for. */
  readonly #waiting: string[] = [];

  /** Where the word begins that is still being typed, or -1. */
  readonly #unfinishedAt: number;

  constructor(text: string, { is_unfinished = false }: ParseOptions) {
    this.#text = text;
    this.#lexemes = scanQuery(text);
    const last = this.#lexemes.at(-1);
    const isTyped = is_unfinished && last?.kind === "word" && last.end === text.length;
    this.#unfinishedAt = isTyped ? last.at : -1;
  }

  run(): Query {
    return this.#readGroup({ depth: 0, field: null, closer: "" }) ?? and([]);
  }

  report(at: number, text: string, reason: TakenReason): void {
    this.taken.push({ at, text, reason });
  }

  /** Reads up to the group's end. Null when there is nothing in it that can be searched for. */
  #readGroup(context: Context): Query | null {
    /** The members of each part. One that cannot be searched for keeps its place, so that OR joins its neighbours only. */
    const parts: (Query | null)[][] = [];
    let joins = false;
    for (let lexeme = this.#lexemes[this.#next]; lexeme !== undefined; lexeme = this.#lexemes[this.#next]) {
      if (lexeme.kind === "close") {
        // This group's end; or that of a group around it, and then this one was left open.
        if (this.#waiting.includes(lexeme.text)) break;
        this.#next++;
        this.report(lexeme.at, lexeme.text, "unbalanced_bracket");
      } else if (lexeme.kind === "word" && KEYWORD.test(lexeme.text) && this.#isBetweenTerms(lexeme)) {
        this.#next++;
        joins = lexeme.text === "OR";
      } else {
        const term = this.#readTerm(context);
        const last = joins ? parts.at(-1) : undefined;
        if (last === undefined) parts.push([term]);
        else last.push(term);
        joins = false;
      }
    }
    const queries = parts.map((part) => part.filter((term) => term !== null)).filter((part) => part.length > 0);
    if (queries.length === 0) return null;
    return context.closer === "}" ? or(queries.map(or)) : and(queries.map(or));
  }

  /** A keyword has something on either side of it; otherwise it is a word like any other. */
  #isBetweenTerms(keyword: Lexeme): boolean {
    const before = this.#lexemes[this.#next - 1];
    const after = this.#lexemes[this.#next + 1];
    const follows =
      before !== undefined && before.kind !== "open" && !(before.kind === "word" && KEYWORD.test(before.text));
    const isBetween = follows && after !== undefined && after.kind !== "close";
    if (!isBetween) this.report(keyword.at, keyword.text, "lone_keyword");
    return isBetween;
  }

  #readTerm(context: Context): Query | null {
    let isNegated = false;
    let lexeme = this.#lexemes[this.#next++];
    while (lexeme?.kind === "minus") {
      isNegated = !isNegated;
      lexeme = this.#lexemes[this.#next++];
    }
    if (lexeme === undefined) return null;
    const term = this.#readPositive(lexeme, context);
    return term !== null && isNegated ? not(term) : term;
  }

  #readPositive(lexeme: Lexeme, context: Context): Query | null {
    switch (lexeme.kind) {
      case "open":
        return this.#readBrackets(lexeme, context);
      case "phrase":
        return this.#words(lexeme.at, lexeme.text, context.field);
      case "word":
        return this.#readWord(lexeme, context);
      case "stray_quote":
        this.report(lexeme.at, lexeme.text, "unbalanced_quote");
        return null;
      case "close":
      case "minus":
        return null;
    }
  }

  #readBrackets(open: Lexeme, context: Context): Query | null {
    if (context.depth >= MAX_DEPTH) {
      this.report(open.at, open.text, "too_deep");
      return null;
    }
    const closer = open.text === "{" ? "}" : ")";
    const start = this.#next;
    this.#waiting.push(closer);
    const group = this.#readGroup({ depth: context.depth + 1, field: context.field, closer });
    this.#waiting.pop();
    if (this.#next === start) this.report(open.at, open.text, "empty_group");
    const end = this.#lexemes[this.#next];
    if (end?.text === closer && end.kind === "close") this.#next++;
    else this.report(open.at, open.text, "unbalanced_bracket");
    return group;
  }

  #readWord(word: Lexeme, context: Context): Query | null {
    if (word.text === "-") {
      this.report(word.at, word.text, "lone_minus");
      return null;
    }
    const match = OPERATOR.exec(word.text);
    const [, name = "", value = ""] = match ?? [];
    // A URL is a word in itself.
    if (match === null || value.startsWith("//")) return this.#words(word.at, word.text, context.field);
    const readValue = operatorNamed(name);
    if (readValue === null) {
      this.report(word.at, word.text, "unknown_operator");
      return this.#words(word.at, word.text, context.field);
    }
    if (value !== "") return this.#value(word.at, word.text, readValue(value), context.field);

    const next = this.#lexemes[this.#next];
    const isGlued = next !== undefined && next.at === word.end;
    const field = textFieldNamed(name);
    if (isGlued && next.kind === "open" && field !== null) {
      this.#next++;
      return this.#readBrackets(next, { ...context, field });
    }
    if (isGlued && next.kind === "phrase" && next.text.trim() !== "") {
      this.#next++;
      return this.#value(word.at, this.#text.slice(word.at, next.end), readValue(next.text.trim()), context.field);
    }
    this.report(word.at, word.text, "empty_value");
    return this.#words(word.at, word.text, context.field);
  }

  /** The term that an operator made of its value; the words that stand there when it could not. */
  #value(at: number, text: string, read: Query | ValueProblem, field: TextField | null): Query | null {
    if (typeof read !== "string") return this.#count(at, text, read);
    this.report(at, text, read);
    return read === "nothing_to_search" ? null : this.#words(at, text, field);
  }

  #words(at: number, text: string, field: TextField | null): Query | null {
    const read = readText(text, field);
    if (typeof read !== "string") return this.#count(at, text, read);
    this.report(at, text, read);
    return null;
  }

  #count(at: number, text: string, term: Query): Query | null {
    if (++this.#terms <= MAX_TERMS) {
      return term.kind === "text" && at === this.#unfinishedAt ? { ...term, is_unfinished: true } : term;
    }
    this.report(at, text, "too_many_terms");
    return null;
  }
}
