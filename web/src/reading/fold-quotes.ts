/**
 * What an answer repeats at its end, folded: a `<details>` around it, before the HTML goes into its frame. What is quoted
 * between the lines of an answer stays, since without it the answer says nothing. It is done on the letter's page, whose
 * policy allows the styles of mail: the browser holds a document that is only parsed to the policy of who parses it.
 *
 * A `<details>` may stand wherever the `<div>` or `<blockquote>` in it may (HTML §13.2.6.4.7 closes and opens the same for
 * all three), so the frame makes the tree of it that was looked at here.
 */

/** Marks that mail programs put around what they quote. An id has the prefix that the server gave it. */
const QUOTES = [
  "blockquote",
  ...["gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra"].map(
    (name) => `div.${name}`,
  ),
].join(",");
/** Outlook marks only where it begins. */
const BEGINNINGS = "div#mail-divRplyFwdMsg, div#mail-appendonsend, div.OutlookMessageHeader";

/** "On Monday Ines wrote:", and what other languages say. */
const MOST_ATTRIBUTION = 300;

/** `word` is what the folded part is called. */
export function foldQuotes(html: string, word: string): string {
  // Most mail quotes nothing, and need not be parsed for that.
  if (
    !/<blockquote|_quote|yahoo_quoted|zmail_extra|mail-divRplyFwdMsg|mail-appendonsend|OutlookMessageHeader/.test(html)
  ) {
    return html;
  }
  const document = new DOMParser().parseFromString(html, "text/html");
  const nodes = trailingQuote(document);
  const [first] = nodes;
  if (first === undefined || isForwarded(nodes) || !hasContent(document, "before", first)) return html;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `⋯ ${word}`;
  summary.setAttribute(
    "style",
    "display:inline-block;margin:8px 0;padding:2px 10px;border:1px solid;border-radius:13px;font:12px/20px sans-serif;cursor:pointer;opacity:.75",
  );
  first.parentNode?.insertBefore(details, first);
  details.append(summary);
  // One by one: a call takes only so many.
  for (const node of nodes) details.append(node);
  return (/^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? "") + document.documentElement.outerHTML;
}

/** The quote that nothing follows, with the line above it that says whose words they are. */
function trailingQuote(document: Document): ChildNode[] {
  const beginning = document.querySelector(BEGINNINGS);
  if (beginning) return [beginning, ...following(beginning)];
  const outermost = [...document.querySelectorAll(QUOTES)].filter((quote) => !quote.parentElement?.closest(QUOTES));
  const last = outermost.at(-1);
  if (last === undefined || hasContent(document, "after", last)) return [];
  return [...attributionOf(last), last];
}

function following(node: ChildNode): ChildNode[] {
  const nodes: ChildNode[] = [];
  for (let next = node.nextSibling; next !== null; next = next.nextSibling) nodes.push(next);
  return nodes;
}

function attributionOf(quote: Element): ChildNode[] {
  const nodes: ChildNode[] = [];
  for (let node = quote.previousSibling; node !== null; node = node.previousSibling) {
    nodes.unshift(node);
    const text = node.textContent?.trim() ?? "";
    if (text !== "") return /[:：]$/.test(text) && text.length <= MOST_ATTRIBUTION ? nodes : [];
  }
  return [];
}

const isForwarded = (nodes: ChildNode[]): boolean =>
  /^\s*(?:-{3,}|begin forwarded message)/i.test(nodes.map(({ textContent }) => textContent ?? "").join(""));

/** Whether there is anything to see before a node, or after all that is in it. */
function hasContent(document: Document, side: "before" | "after", node: Node): boolean {
  const range = document.createRange();
  range.selectNodeContents(document.body);
  if (side === "before") range.setEndBefore(node);
  else range.setStartAfter(node);
  const content = range.cloneContents();
  return content.textContent?.trim() !== "" || content.querySelector("img, hr, table") !== null;
}
