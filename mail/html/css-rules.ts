/**
 * Style sheets: rules by their selectors, and those that hold for some screens. Everything that fetches (`@import`,
 * `@font-face`, `@namespace`) or is not known is left out with its block.
 */

import { cleanSelectors } from "./css-selectors.ts";
import {
  type CSSToken,
  isTokenIdent,
  MAX_CSS_CHARACTERS,
  printIdent,
  printToken,
  TokenType,
  tokensOf,
} from "./css-text.ts";
import { cleanDeclarations, closes, opens, type WriteImage } from "./css-values.ts";
import { OverLimit } from "./parse-bounded.ts";

/** `@media` within `@supports` within `@media` is more than any newsletter has. */
const MAX_NESTED_BLOCKS = 4;

/** What a message's CSS shares. */
export interface Styling {
  writeImage: WriteImage;
  /** Characters that may still be read. */
  cssLeft: number;
  /** Newsletters repeat the same few attributes on every cell. */
  attributes: Map<string, string>;
}

/** Throws OverLimit. */
export const cleanStyleSheet = (css: string, styling: Styling): string =>
  cleanRules(read(css, styling), styling.writeImage, 0).join("\n");

/** Throws OverLimit. */
export function cleanStyleAttribute(css: string, styling: Styling): string {
  const known = styling.attributes.get(css);
  if (known !== undefined) return known;
  const cleaned = cleanDeclarations(read(css, styling), styling.writeImage);
  styling.attributes.set(css, cleaned);
  return cleaned;
}

function read(css: string, styling: Styling): CSSToken[] {
  styling.cssLeft -= css.length;
  if (styling.cssLeft < 0) throw new OverLimit({ reason: "html_too_large", limit: MAX_CSS_CHARACTERS });
  return tokensOf(css);
}

/** What stands before a block or a semicolon, and the block. */
interface Rule {
  prelude: CSSToken[];
  block: CSSToken[] | null;
}

function cleanRules(tokens: readonly CSSToken[], writeImage: WriteImage, depth: number): string[] {
  if (depth > MAX_NESTED_BLOCKS) return [];
  return rulesOf(tokens).flatMap(({ prelude, block }) => {
    const [first, ...rest] = prelude;
    if (block === null || first === undefined) return [];
    if (first[0] !== TokenType.AtKeyword) return styleRule(cleanSelectors(prelude), block, writeImage);
    const name = first[4].value.toLowerCase();
    if (name === "media" || name === "supports") {
      const condition = cleanCondition(rest);
      const rules = condition === null ? [] : cleanRules(block, writeImage, depth + 1);
      return rules.length === 0 ? [] : [`@${name} ${condition} {\n${rules.join("\n")}\n}`];
    }
    if (name === "keyframes" || name === "-webkit-keyframes") return cleanKeyframes(name, rest, block, writeImage);
    return [];
  });
}

function styleRule(selectors: string | null, block: readonly CSSToken[], writeImage: WriteImage): string[] {
  const declarations = selectors === null ? "" : cleanDeclarations(block, writeImage);
  return declarations === "" ? [] : [`${selectors} { ${declarations} }`];
}

/** CSS Syntax §5.5: up to the first `{` outside of brackets it is the prelude, up to its `}` the block. */
function rulesOf(tokens: readonly CSSToken[]): Rule[] {
  const rules: Rule[] = [];
  let prelude: CSSToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const [type] = token;
    if (prelude.length === 0 && isBetweenRules(type)) continue;
    if (type === TokenType.Semicolon && prelude[0]?.[0] === TokenType.AtKeyword) {
      rules.push({ prelude, block: null });
      prelude = [];
    } else if (opens(type)) {
      const end = closingOf(tokens, at);
      if (type === TokenType.OpenCurly) {
        rules.push({ prelude, block: tokens.slice(at + 1, end) });
        prelude = [];
      } else prelude = prelude.concat(tokens.slice(at, end + 1));
      at = end;
    } else prelude.push(token);
  }
  return rules;
}

const isBetweenRules = (type: TokenType): boolean =>
  type === TokenType.Whitespace || type === TokenType.Comment || type === TokenType.CDO || type === TokenType.CDC;

/** Where the bracket at `from` is closed; the end of it all, if nowhere. */
function closingOf(tokens: readonly CSSToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const type = tokens[at]?.[0] ?? TokenType.EOF;
    if (opens(type)) depth++;
    else if (closes(type) && --depth === 0) return at;
  }
  return tokens.length;
}

/** `screen and (max-width: 600px)`, `(400px <= width)`, `(display: grid)`. */
export function cleanCondition(tokens: readonly CSSToken[]): string | null {
  let printed = "";
  let open = 0;
  for (const [n, token] of tokens.entries()) {
    const piece = printInCondition(token, tokens[n + 1]);
    if (piece === null) return null;
    if (piece === "(") open++;
    if (piece === ")" && --open < 0) return null;
    printed += piece;
  }
  return open === 0 ? printed.trim() : null;
}

function printInCondition(token: CSSToken, next: CSSToken | undefined): string | null {
  switch (token[0]) {
    case TokenType.OpenParen:
      return "(";
    case TokenType.CloseParen:
      return ")";
    case TokenType.Colon:
      return ":";
    case TokenType.Delim: {
      const mark = token[4].value;
      if (!/^[<>=/]$/.test(mark)) return null;
      // Never the `</` that ends a <style>.
      return next?.[0] === TokenType.Delim && next[4].value === "=" ? mark : `${mark} `;
    }
    case TokenType.String:
      return null;
    default:
      return printToken(token);
  }
}

function cleanKeyframes(
  name: string,
  prelude: readonly CSSToken[],
  block: readonly CSSToken[],
  writeImage: WriteImage,
): string[] {
  const [animation, ...more] = prelude.filter(([type]) => !isBetweenRules(type));
  if (animation === undefined || !isTokenIdent(animation) || more.length > 0) return [];
  const frames = rulesOf(block).flatMap((frame) => styleRule(momentsOf(frame), frame.block ?? [], writeImage));
  return frames.length === 0 ? [] : [`@${name} ${printIdent(animation[4].value)} {\n${frames.join("\n")}\n}`];
}

/** `from`, `to` and percentages. */
function momentsOf({ prelude }: Rule): string | null {
  const printed = prelude.map((token) => printToken(token) ?? "?").join("");
  return /^\s*(?:from|to|[\d.]+%)(?:\s*,\s*(?:from|to|[\d.]+%))*\s*$/i.test(printed) ? printed.trim() : null;
}
