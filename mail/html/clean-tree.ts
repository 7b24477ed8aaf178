/**
 * The tree of a message with only what is allowed in it. Comments go (conditional ones are Outlook's, and have been a
 * way to smuggle), and so does everything of SVG and MathML, whose parsing has other rules than what is around it.
 */
import { html, type DefaultTreeAdapterTypes as Tree } from "parse5";
import { parseWeb } from "./addresses.ts";
import { cleanAttributes, type Surroundings } from "./clean-attributes.ts";
import { cleanStyleSheet } from "./css-rules.ts";
import { DROPPED_ELEMENTS, KEPT_ELEMENTS } from "./elements.ts";
import { OverLimit } from "./parse-bounded.ts";

/** Below the deepest that a parsed tree may be: moving elements can make it deeper than the parser's stack. */
const MAX_CLEANED_DEPTH = 500;

/** Changes the tree in place. Throws OverLimit. */
export function cleanTree(element: Tree.Element, around: Surroundings, depth = 0): void {
  element.attrs = cleanAttributes(element.tagName, element.attrs, around);
  const children: Tree.ChildNode[] = [];
  collect(element, children, around, depth);
  adopt(element, children);
}

function collect(parent: Tree.Element, into: Tree.ChildNode[], around: Surroundings, depth: number): void {
  if (depth > MAX_CLEANED_DEPTH) throw new OverLimit({ reason: "html_too_deep", limit: MAX_CLEANED_DEPTH });
  for (const child of parent.childNodes) {
    if (isText(child)) into.push(child);
    else if (isElement(child)) collectElement(child, into, around, depth);
  }
}

function collectElement(element: Tree.Element, into: Tree.ChildNode[], around: Surroundings, depth: number): void {
  const { tagName, namespaceURI } = element;
  if (namespaceURI !== html.NS.HTML) return;
  if (tagName === "base") noteBase(element, around);
  if (tagName === "style" ? cleanStyle(element, around) : isColorScheme(element)) into.push(element);
  if (tagName === "style" || DROPPED_ELEMENTS.has(tagName)) return;
  if (!KEPT_ELEMENTS.has(tagName)) collect(element, into, around, depth + 1);
  else {
    cleanTree(element, around, depth + 1);
    into.push(element);
  }
}

/** Whether anything is left of a style sheet. */
function cleanStyle(element: Tree.Element, around: Surroundings): boolean {
  const { type = "", media = "" } = Object.fromEntries(element.attrs.map(({ name, value }) => [name, value.trim()]));
  if (type !== "" && type.toLowerCase() !== "text/css") return false;
  const text = element.childNodes.map((child) => (isText(child) ? child.value : "")).join("");
  const css = cleanStyleSheet(text, around);
  element.attrs = cleanAttributes("style", element.attrs, around);
  adopt(element, [{ nodeName: "#text", value: css, parentNode: null }]);
  // Without a condition that was not understood it would hold for everybody.
  return css !== "" && (media === "" || element.attrs.some(({ name }) => name === "media"));
}

/** `<base>`: only the first counts (HTML §4.2.3). */
function noteBase({ attrs }: Tree.Element, around: Surroundings): void {
  const href = attrs.find(({ name }) => name === "href")?.value;
  if (href !== undefined) around.base ??= parseWeb(href, null);
}

/** What a message says about dark mode, and no other `<meta>`. */
function isColorScheme(element: Tree.Element): boolean {
  if (element.tagName !== "meta") return false;
  const { name = "", content = "" } = Object.fromEntries(element.attrs.map((attr) => [attr.name, attr.value]));
  if (
    !/^(?:supported-)?color-schemes?$/i.test(name) ||
    !/^(?:(?:light|dark|only|normal)(?: |$)){1,3}$/i.test(content)
  ) {
    return false;
  }
  element.attrs = [
    { name: "name", value: name },
    { name: "content", value: content },
  ];
  return true;
}

/** Texts that have come to stand beside each other are one, as a parser would read them. */
function adopt(parent: Tree.Element, children: readonly Tree.ChildNode[]): void {
  parent.childNodes = [];
  for (const child of children) {
    const last = parent.childNodes.at(-1);
    if (isText(child) && last !== undefined && isText(last)) last.value += child.value;
    else parent.childNodes.push(child);
    child.parentNode = parent;
  }
}

export const isText = (node: Tree.Node): node is Tree.TextNode => node.nodeName === "#text";
export const isElement = (node: Tree.Node): node is Tree.Element => "tagName" in node;
