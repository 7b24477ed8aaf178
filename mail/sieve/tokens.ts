/** The tokens of a script (RFC 5228 §8.1), each with its place. */
import { ScriptProblem } from "./script-problem.ts";

export type Token =
  /** In lower case: RFC 5228 §2.4.2.3 has identifiers without regard to case. A tag is without its colon. */
  | { kind: "identifier" | "tag"; name: string; at: number }
  | { kind: "number"; value: number; at: number }
  | { kind: "string"; value: string; at: number }
  | { kind: "punctuation"; name: string; at: number }
  | { kind: "end"; at: number };

const BLANK = /(?:[ \t\r\n]+|#[^\n]*(?:\n|$)|\/\*.*?\*\/)+/sy;
const IDENTIFIER = /:?[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /([0-9]+)([KMG]?)/iy;
const PUNCTUATION = /[[\](){},;]/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
/** RFC 5228 §8.1 multi-line: what follows `text:` on its line is blank or a comment. */
const MULTI_LINE_START = /text:[ \t]*(?:#[^\n]*)?\r?\n/iy;

const QUANTIFIERS: Record<string, number> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

export function* tokensOf(text: string): Generator<Token, void> {
  let at = 0;
  /** The match of a sticky expression here, stepped over. */
  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const match = expression.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  for (;;) {
    take(BLANK);
    const start = at;
    if (start >= text.length) break;
    if (take(MULTI_LINE_START)) {
      const { value, end } = readMultiLine(text, at, start);
      at = end;
      yield { kind: "string", value, at: start };
      continue;
    }
    const quoted = take(QUOTED);
    if (quoted) {
      yield { kind: "string", value: unquoted(quoted[1] ?? ""), at: start };
      continue;
    }
    const identifier = take(IDENTIFIER)?.[0].toLowerCase();
    const punctuation = identifier === undefined ? take(PUNCTUATION)?.[0] : undefined;
    if (identifier?.startsWith(":")) yield { kind: "tag", name: identifier.slice(1), at: start };
    else if (identifier !== undefined) yield { kind: "identifier", name: identifier, at: start };
    else if (punctuation !== undefined) yield { kind: "punctuation", name: punctuation, at: start };
    else yield readNumber(take(NUMBER), text, start, at);
  }
  yield { kind: "end", at: text.length };
}

function readNumber(match: RegExpExecArray | null, text: string, start: number, end: number): Token {
  if (match === null) throw new ScriptProblem(start, whatIsWrong(text, start));
  const [written, digits = "", quantifier = ""] = match;
  if (/[A-Za-z0-9_]/.test(text.charAt(end))) {
    throw new ScriptProblem(start, `a number may be followed by K, M or G alone, not by "${text.charAt(end)}"`);
  }
  const value = Number(digits) * (QUANTIFIERS[quantifier.toLowerCase()] ?? 1);
  // RFC 5228 §2.4.1 asks for 31 bits; 2^53 is where numbers stop to be exact here.
  if (!Number.isSafeInteger(value)) throw new ScriptProblem(start, `the number ${written} is too large`);
  return { kind: "number", value, at: start };
}

function whatIsWrong(text: string, at: number): string {
  if (text.startsWith('"', at)) return "this string has no closing quote";
  if (text.startsWith("/*", at)) return "this comment is not closed";
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return `unexpected character ${JSON.stringify(character)}`;
}

/** RFC 5228 §2.4.2: a backslash before any character stands for that character. Lines end with CRLF in every string. */
function unquoted(content: string): string {
  return withLineEnds(content.replace(/\\(.)/gs, "$1"));
}

const withLineEnds = (text: string): string => text.replace(/\r?\n/g, "\r\n");

/** Lines up to one that is a dot; a dot more at the begin of a line is taken away (RFC 5228 §2.4.2.1). */
function readMultiLine(text: string, from: number, start: number): { value: string; end: number } {
  const lines: string[] = [];
  let at = from;
  while (at < text.length) {
    const lineEnd = text.indexOf("\n", at);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(at, end).replace(/\r?\n$/, "");
    at = end;
    if (line === ".") return { value: lines.map((one) => `${one}\r\n`).join(""), end };
    lines.push(line.startsWith(".") ? line.slice(1) : line);
  }
  throw new ScriptProblem(start, 'this text has no end: a line that is "." alone');
}
