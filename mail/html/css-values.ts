/**
 * Declarations: a property by its name, and a value of words, numbers, strings and functions that compute or paint. Only
 * where CSS shows a picture may an address stand, and it is written as images are.
 */
import { isKeptFunction, isKeptProperty, SHOWS_IMAGES } from "./css-properties.ts";
import { type CSSToken, isTokenIdent, printToken, TokenType } from "./css-text.ts";

/** Notes the address of a remote image, and says how it is written. */
export type WriteImage = (address: string) => string | null;

const MAX_NESTED_FUNCTIONS = 16;

/** Declarations up to the end, in one line. What is not understood is left out, as in a browser. */
export function cleanDeclarations(tokens: readonly CSSToken[], writeImage: WriteImage): string {
  const kept: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at <= tokens.length; at++) {
    const type = tokens[at]?.[0] ?? TokenType.Semicolon;
    if (opens(type)) depth++;
    else if (closes(type) && depth > 0) depth--;
    if (at < tokens.length && depth > 0) continue;
    // A rule within a rule ends with its brace, and is not kept.
    if (type !== TokenType.Semicolon && type !== TokenType.CloseCurly) continue;
    const declaration = cleanDeclaration(tokens.slice(from, at), writeImage);
    if (declaration !== null) kept.push(declaration);
    from = at + 1;
  }
  return kept.join("; ");
}

export const opens = (type: TokenType): boolean =>
  type === TokenType.OpenCurly ||
  type === TokenType.OpenParen ||
  type === TokenType.OpenSquare ||
  type === TokenType.Function;
export const closes = (type: TokenType): boolean =>
  type === TokenType.CloseCurly || type === TokenType.CloseParen || type === TokenType.CloseSquare;

const isBlank = (token: CSSToken | undefined): boolean =>
  token?.[0] === TokenType.Whitespace || token?.[0] === TokenType.Comment;

function cleanDeclaration(tokens: readonly CSSToken[], writeImage: WriteImage): string | null {
  let at = 0;
  while (isBlank(tokens[at])) at++;
  const name = tokens[at];
  if (name === undefined || !isTokenIdent(name)) return null;
  const property = name[4].value.toLowerCase();
  do at++;
  while (isBlank(tokens[at]));
  if (tokens[at]?.[0] !== TokenType.Colon || !isKeptProperty(property)) return null;
  const value = cleanValue(tokens.slice(at + 1), SHOWS_IMAGES.has(property) ? writeImage : () => null)?.trim();
  if (value === undefined || value === "") return null;
  // Fixed and sticky boxes stay before the reader's eyes whatever he does.
  if (property === "position" && !/^(?:static|relative|absolute)(?: ?! ?important)?$/i.test(value)) return null;
  return `${property}: ${value}`;
}

/** Null, if any of it is not to be kept: half a value is another value. */
function cleanValue(tokens: readonly CSSToken[], writeImage: WriteImage): string | null {
  let value = "";
  let open = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const [address, end] = addressAt(tokens, at);
    if (address !== null) {
      const written = writeImage(address);
      if (written === null) return null;
      value += `url(${written})`;
      at = end;
      continue;
    }
    const printed = printInValue(token);
    if (printed === null) return null;
    if (printed.endsWith("(") && ++open > MAX_NESTED_FUNCTIONS) return null;
    if (printed === ")" && --open < 0) return null;
    value += printed;
  }
  return value + ")".repeat(open);
}

/** `url(…)` is one token, with quotes it is a function around a string. */
function addressAt(tokens: readonly CSSToken[], at: number): [address: string | null, end: number] {
  const token = tokens[at];
  if (token?.[0] === TokenType.URL) return [token[4].value, at];
  if (token?.[0] !== TokenType.Function || token[4].value.toLowerCase() !== "url") return [null, at];
  const inside = at + (isBlank(tokens[at + 1]) ? 2 : 1);
  const text = tokens[inside];
  const end = inside + (isBlank(tokens[inside + 1]) ? 2 : 1);
  const isClosed = tokens[end] === undefined || tokens[end][0] === TokenType.CloseParen;
  return text?.[0] === TokenType.String && isClosed ? [text[4].value, end] : [null, at];
}

function printInValue(token: CSSToken): string | null {
  switch (token[0]) {
    case TokenType.Function: {
      const name = token[4].value.toLowerCase();
      return isKeptFunction(name) ? `${name}(` : null;
    }
    case TokenType.OpenParen:
      return "(";
    case TokenType.CloseParen:
      return ")";
    case TokenType.Hash:
      return /^[\da-f]{3,8}$/i.test(token[4].value) ? `#${token[4].value}` : null;
    case TokenType.Delim:
      return /^[/*+\-!]$/.test(token[4].value) ? token[4].value : null;
    default:
      return printToken(token);
  }
}
