/**
 * Makes the HTML of a message safe to show: what is allowed is kept, what is not named is not (elements.ts,
 * css-properties.ts), and images that are elsewhere are marked and not loaded. What is given out is a document, or a
 * piece of one where the message is no more than that.
 *
 * A browser must make the very tree of it that was looked at here. It is parsed and cleaned again until nothing changes:
 * then parsing it makes a tree that is clean, and that is written as it was read.
 */
import { html as names, serialize, serializeOuter, type DefaultTreeAdapterTypes as Tree } from "parse5";
import { fail, ok, type Result } from "../result.ts";
import { imageAddress, REMOTE_MARK } from "./addresses.ts";
import type { Surroundings } from "./clean-attributes.ts";
import { cleanTree, isElement, isText } from "./clean-tree.ts";
import { MAX_CSS_CHARACTERS } from "./css-text.ts";
import { type HtmlRefusal, MAX_HTML_CHARACTERS, OverLimit, parseBounded } from "./parse-bounded.ts";

export interface SafeHtml {
  html: string;
  /** Addresses that its images are loaded from, each once. */
  remote_images: number;
}

export type SanitiseRefusal = HtmlRefusal | { reason: "html_unstable" };

export interface SanitiseOptions {
  /** Where a remote image is to be loaded from instead. Its address must need no escaping in CSS, but for a `&`. */
  proxied?: (address: string) => string;
}

/** Each round of a document that is already clean changes nothing, so this bounds what is only ever hostile. */
const MAX_ROUNDS = 6;

/** What is written can be longer than what came: quotes, and what each link gets. */
const MAX_WRITTEN_CHARACTERS = 2 * MAX_HTML_CHARACTERS;

export function sanitiseHtml(html: string, options: SanitiseOptions = {}): Result<SafeHtml, SanitiseRefusal> {
  try {
    return untilStable(html, options);
  } catch (error) {
    if (error instanceof OverLimit) return fail(error.refusal);
    throw error;
  }
}

function untilStable(html: string, { proxied }: SanitiseOptions): Result<SafeHtml, SanitiseRefusal> {
  let text = html;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const document = parseBounded(text, round === 0 ? MAX_HTML_CHARACTERS : MAX_WRITTEN_CHARACTERS);
    const remote = clean(document);
    const written = write(document);
    if (written === text) {
      const shown = proxied === undefined ? text : write(withImages(document, proxied));
      return ok({ html: shown, remote_images: remote.size });
    }
    text = written;
  }
  return fail({ reason: "html_unstable" });
}

/** Returns the addresses of remote images. */
function clean(document: Tree.Document): Set<string> {
  const remote = new Set<string>();
  const around: Surroundings = {
    base: null,
    cssLeft: MAX_CSS_CHARACTERS,
    attributes: new Map(),
    writeImage(text) {
      const image = imageAddress(text, around.base);
      if (image?.kind !== "remote") return image?.address ?? null;
      remote.add(image.address);
      return `${REMOTE_MARK}${image.address}`;
    },
  };
  const root = document.childNodes.find(isElement);
  if (root !== undefined) cleanTree(root, around);
  return remote;
}

/** Browsers lay a document out by its doctype, and newsletters are cut to what they had (HTML §13.2.6.4.1). */
const DOCTYPES: Record<string, string> = {
  [names.DOCUMENT_MODE.NO_QUIRKS]: "<!DOCTYPE html>",
  [names.DOCUMENT_MODE.LIMITED_QUIRKS]:
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
};

function write(document: Tree.Document): string {
  const root = document.childNodes.find(isElement);
  if (root === undefined) return "";
  const doctype = DOCTYPES[document.mode] ?? "";
  const [head, body, ...more] = root.childNodes;
  // A piece of HTML, as people write it, stays one.
  const isPiece =
    doctype === "" && isBare(root) && isBare(head) && isBare(body) && head.childNodes.length === 0 && more.length === 0;
  return isPiece ? serialize(body) : `${doctype}${serializeOuter(root)}`;
}

const isBare = (node: Tree.ChildNode | undefined): node is Tree.Element =>
  node !== undefined && isElement(node) && node.attrs.length === 0;

const MARKED = new RegExp(`${REMOTE_MARK}([^\\s)]+)`, "g");

/** The tree with its marks resolved. Where one may stand is known: attributes of addresses, and CSS. */
function withImages(document: Tree.Document, proxied: (address: string) => string): Tree.Document {
  const resolve = (text: string) => text.replaceAll(MARKED, (_, address: string) => proxied(address));
  const visit = (element: Tree.Element) => {
    for (const attribute of element.attrs)
      if (HOLDS_IMAGES.has(attribute.name)) attribute.value = resolve(attribute.value);
    for (const child of element.childNodes) {
      if (isElement(child)) visit(child);
      else if (element.tagName === "style" && isText(child)) child.value = resolve(child.value);
    }
  };
  for (const child of document.childNodes) if (isElement(child)) visit(child);
  return document;
}

const HOLDS_IMAGES = new Set(["src", "srcset", "background", "style"]);
