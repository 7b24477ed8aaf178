/** Selectors: elements, classes, ids and attributes of the message itself, and the states that mail has a use for. */
import { type CSSToken, isTokenIdent, printIdent, printToken, TokenType } from "./css-text.ts";

/**
 * Every id gets this in front, as in links to it: a page that mail is put into has names of its own, and scripts find
 * elements by theirs (`document.title`).
 */
const OWN_IDS = "mail-";
export const ownId = (id: string): string => (id.startsWith(OWN_IDS) ? id : `${OWN_IDS}${id}`);

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Those of a shadow tree's host and parts are not here: they reach out of the message. */
const PSEUDO = new Set(
  words(`
    link any-link visited hover active focus focus-visible focus-within target root empty checked enabled disabled
    first-child last-child only-child first-of-type last-of-type only-of-type
    before after first-line first-letter marker placeholder selection
    -webkit-any-link -moz-focus-inner -webkit-inner-spin-button
  `),
);
const PSEUDO_FUNCTIONS = new Set(
  words("not is where has lang dir nth-child nth-last-child nth-of-type nth-last-of-type -moz-any -webkit-any"),
);
const MAX_NESTED = 8;

/** The whole list, or null: of a list with one bad selector a browser keeps nothing either. */
export function cleanSelectors(tokens: readonly CSSToken[]): string | null {
  let printed = "";
  const open: string[] = [];
  for (const [n, token] of tokens.entries()) {
    const piece = printInSelector(token, tokens[n - 1]);
    if (piece === null) return null;
    if (piece.endsWith("(") || piece === "[") {
      open.push(piece === "[" ? "]" : ")");
      if (open.length > MAX_NESTED) return null;
    } else if ((piece === ")" || piece === "]") && open.pop() !== piece) return null;
    printed += piece;
  }
  return open.length === 0 && printed.trim() !== "" ? printed.trim() : null;
}

function printInSelector(token: CSSToken, before: CSSToken | undefined): string | null {
  const isAfterColon = before?.[0] === TokenType.Colon;
  if (isAfterColon && isTokenIdent(token)) return PSEUDO.has(token[4].value.toLowerCase()) ? token[4].value : null;
  switch (token[0]) {
    case TokenType.Function: {
      const name = token[4].value.toLowerCase();
      return isAfterColon && PSEUDO_FUNCTIONS.has(name) ? `${name}(` : null;
    }
    case TokenType.Hash:
      return `#${printIdent(ownId(token[4].value))}`;
    case TokenType.Colon:
      return ":";
    case TokenType.OpenSquare:
      return "[";
    case TokenType.CloseSquare:
      return "]";
    case TokenType.CloseParen:
      return ")";
    case TokenType.Delim:
      return /^[.>+~*=^$|-]$/.test(token[4].value) ? token[4].value : null;
    default:
      return printToken(token);
  }
}
