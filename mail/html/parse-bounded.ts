/**
 * HTML into the tree that a browser makes of it (parse5), within limits. Some inputs make a parser by the standard do
 * far more than they are long: formatting elements that are opened anew in each paragraph, children that are moved at
 * each end tag. So the work on the tree is counted, and not only its nodes.
 */
import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes as Tree, type TreeAdapter } from "parse5";

export type HtmlRefusal =
  | { reason: "html_too_long"; limit: number }
  | { reason: "html_too_deep"; limit: number }
  | { reason: "html_too_large"; limit: number };

export const MAX_HTML_CHARACTERS = 2 * 1024 * 1024;
/** Chromium nests no deeper than 512: below that its tree is the one that was looked at. Newsletters reach 60. */
const MAX_DEPTH = 256;
/** Elements and pieces of text. A large newsletter has 10,000. */
const MAX_NODES = 100_000;
/** Steps of making and moving nodes. */
const MAX_STEPS = 1_000_000;
/** Of one element. Equal elements are looked for by all of them. */
const MAX_ATTRIBUTES = 200;

/** Thrown where it happens, deep within a parser or a tree, and caught in sanitise-html.ts. */
export class OverLimit extends Error {
  readonly refusal: HtmlRefusal;
  constructor(refusal: HtmlRefusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** Throws OverLimit. */
export function parseBounded(html: string, limit: number): Tree.Document {
  if (html.length > limit) throw new OverLimit({ reason: "html_too_long", limit });
  // Where mail is shown no script runs, and so <noscript> is an element like others.
  return parse(html, { treeAdapter: countingAdapter(), scriptingEnabled: false });
}

/** The tree that parse5 makes by itself, with its work counted. */
function countingAdapter(): TreeAdapter<Tree.DefaultTreeAdapterMap> {
  let nodes = 0;
  let steps = 0;
  let depth = 0;
  const step = (count = 1) => {
    steps += count;
    if (steps > MAX_STEPS) throw new OverLimit({ reason: "html_too_large", limit: MAX_NODES });
  };
  const node = () => {
    if (++nodes > MAX_NODES) throw new OverLimit({ reason: "html_too_large", limit: MAX_NODES });
    step();
  };
  return {
    ...defaultTreeAdapter,
    createElement(tagName, namespace, attributes) {
      node();
      if (attributes.length > MAX_ATTRIBUTES) throw new OverLimit({ reason: "html_too_large", limit: MAX_NODES });
      return defaultTreeAdapter.createElement(tagName, namespace, attributes);
    },
    createCommentNode(data) {
      node();
      return defaultTreeAdapter.createCommentNode(data);
    },
    insertText(parent, text) {
      // Words come one by one, and are put together.
      if (parent.childNodes.at(-1)?.nodeName !== "#text") node();
      defaultTreeAdapter.insertText(parent, text);
    },
    // What is found in a table and does not belong there goes before it, and the table is among the last: looked for
    // from the front, as the adapter does, a thousand such pieces would be half a million steps.
    insertTextBefore(parent, text, reference) {
      node();
      const before = parent.childNodes[indexFromEnd(parent, reference, step) - 1];
      if (before !== undefined && "value" in before) before.value += text;
      else this.insertBefore(parent, textNode(text), reference);
    },
    appendChild(parent, child) {
      step();
      defaultTreeAdapter.appendChild(parent, child);
    },
    insertBefore(parent, child, reference) {
      parent.childNodes.splice(indexFromEnd(parent, reference, step), 0, child);
      child.parentNode = parent;
    },
    detachNode(child) {
      const { parentNode } = child;
      if (parentNode === null) return;
      // All children are moved from the first on.
      if (parentNode.childNodes[0] === child) parentNode.childNodes.shift();
      else parentNode.childNodes.splice(indexFromEnd(parentNode, child, step), 1);
      child.parentNode = null;
      step();
    },
    onItemPush() {
      if (++depth > MAX_DEPTH) throw new OverLimit({ reason: "html_too_deep", limit: MAX_DEPTH });
    },
    onItemPop() {
      depth--;
    },
  };
}

function indexFromEnd(parent: Tree.ParentNode, child: Tree.ChildNode, step: (count: number) => void): number {
  const index = parent.childNodes.lastIndexOf(child);
  step(parent.childNodes.length - index);
  return index;
}

const textNode = (value: string): Tree.TextNode => ({ nodeName: "#text", value, parentNode: null });
