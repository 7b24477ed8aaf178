/** How HTML is made: its tags with what they set, where its links lead, and how much of it is markup. */
import { decodeEntities } from "../text/entities.ts";
import { attribute, HtmlScan } from "../text/html-scan.ts";
import type { FeatureSet } from "./feature-set.ts";

/** Attributes whose values say how a mailing looks. */
const TOLD = ["color", "bgcolor", "size", "face", "align", "width", "height", "border", "method", "type", "content"];
const MAX_TAGS = 1500;
/** A tag with more holds a style sheet or a picture, and no attribute that is asked for here. */
const MAX_ATTRIBUTES = 1000;

export interface HtmlSigns {
  links: string[];
  images: string[];
  tags: number;
  forms: number;
  scripts: number;
  /** Text of no size, or that is nearly white. */
  hidden: boolean;
}

const NO_SIZE = /font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$)|display\s*:\s*none/i;

export function addHtml(features: FeatureSet, html: string): HtmlSigns {
  const signs: HtmlSigns = { links: [], images: [], tags: 0, forms: 0, scripts: 0, hidden: false };
  const scan = new HtmlScan(html);
  for (let token = scan.next(); token !== null && signs.tags < MAX_TAGS; token = scan.next()) {
    if (token.kind !== "start") continue;
    signs.tags++;
    const attributes = token.attributes.slice(0, MAX_ATTRIBUTES);
    features.add("structure", `<${token.name}`);
    addAttributes(features, token.name, attributes);
    note(signs, token.name, attributes);
  }
  features.add("structure", `comments ${Math.min(9, html.split("<!--", 10).length - 1)}`);
  features.add("structure", `doctype ${/<!doctype/i.test(html.slice(0, 500))}`);
  features.add("structure", `capital tags ${/<(?:HTML|BODY|FONT|TABLE)/.test(html)}`);
  features.add("structure", `html length ${Math.floor(Math.log2(html.length + 1))}`);
  return signs;
}

function addAttributes(features: FeatureSet, name: string, attributes: string): void {
  if (attributes.length < 3) return;
  const lower = attributes.toLowerCase();
  for (const told of TOLD) {
    const value = lower.includes(told) ? attribute(lower, told) : "";
    if (value !== "") features.add("structure", `<${name} ${told}=${value.slice(0, 30)}`);
  }
}

function note(signs: HtmlSigns, name: string, attributes: string): void {
  const value = (told: string) => decodeEntities(attribute(attributes, told)).trim();
  signs.hidden ||= attributes.includes("style") && NO_SIZE.test(attribute(attributes, "style"));
  if (name === "a" || name === "area") signs.links.push(value("href"));
  else if (name === "img") signs.images.push(value("src"));
  else if (name === "script") signs.scripts++;
  else if (name === "form") {
    signs.forms++;
    signs.links.push(value("action"));
  }
}
