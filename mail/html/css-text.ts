/**
 * CSS tokens written anew, in the one spelling that every browser reads alike. A token that could begin something else
 * than what was looked at, or end the element that the CSS stands in, has no spelling here.
 */
import { type CSSToken, isTokenIdent, TokenType, tokenize } from "@csstools/css-tokenizer";

export { type CSSToken, isTokenIdent, TokenType };

/** Of all that a message has, each attribute counted once. Large newsletters have 60,000. */
export const MAX_CSS_CHARACTERS = 512 * 1024;

/** The standard's own tokens (CSS Syntax §4), without the end, which every string has. */
export const tokensOf = (css: string): CSSToken[] => tokenize({ css }).filter(([type]) => type !== TokenType.EOF);

const NUMERIC = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:%|[a-z_-][\w-]*)?$/i;

/** What stands for itself, or null. Functions, addresses and brackets are their reader's affair. */
export function printToken(token: CSSToken): string | null {
  switch (token[0]) {
    case TokenType.Whitespace:
      return " ";
    case TokenType.Comment:
      // It may keep two words apart.
      return "/**/";
    case TokenType.Ident:
      return printIdent(token[4].value);
    case TokenType.String:
      return printString(token[4].value);
    case TokenType.Number:
    case TokenType.Percentage:
    case TokenType.Dimension:
      return NUMERIC.test(token[1]) ? token[1] : null;
    case TokenType.Comma:
      return ",";
    default:
      return null;
  }
}

const hex = (character: string): string => `\\${character.codePointAt(0)?.toString(16)} `;

/** CSSOM §2.1. */
export const printIdent = (name: string): string => (PLAIN.test(name) ? name : escapeIdent(name));

const PLAIN = /^-{0,2}[a-z_][\w-]*$/i;
const escapeIdent = (name: string): string =>
  name
    .toWellFormed()
    .replaceAll(/[^\w\-\u{80}-\u{10ffff}]/gu, hex)
    .replace(/^(-?)(\d)/, (_, dash, digit) => `${dash}${hex(digit)}`)
    .replace(/^-$/, "\\-");

/** In single quotes, which an attribute's value holds as they are. */
const printString = (text: string): string => `'${text.toWellFormed().replaceAll(/\p{Cc}|['"\\<>&]/gu, hex)}'`;
