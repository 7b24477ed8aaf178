/** What a message has that speaks for or against spam. Its time is linear in what is looked at, and that is bounded. */
import type { ParsedMessage } from "../parse/parsed-message.ts";
import { htmlToText } from "../text/html-to-text.ts";
import { stringsOf } from "./beginning.ts";
import { contentTests } from "./content-tests.ts";
import { FeatureSet, type Features } from "./feature-set.ts";
import { addHeader } from "./header-features.ts";
import { addHtml, type HtmlSigns } from "./html-features.ts";
import { addLinks, linksIn } from "./link-features.ts";
import { bucket, tenths } from "./shapes.ts";
import type { SpamTest } from "./spam-test.ts";
import { addWords } from "./words.ts";

/** Spam says soon what it wants. */
const MAX_TEXT = 12_000;
const MAX_HTML = 60_000;

/** What can be said of a message without knowing whose mailbox it comes to. */
export interface SpamSigns {
  features: Features;
  tests: SpamTest[];
}

export function spamSigns(bytes: Uint8Array, parsed: ParsedMessage): SpamSigns {
  const features = new FeatureSet();
  addHeader(features, bytes, parsed);
  const text = parsed.text.slice(0, MAX_TEXT);
  addWords(features, "words", "", text);
  const html = parsed.html === null ? null : parsed.html.slice(0, MAX_HTML);
  const signs = html === null ? null : addHtml(features, html);
  if (html !== null) {
    // What a plain alternative says is not what most people see.
    const shown = htmlToText(html, MAX_TEXT);
    if (shown !== text) addWords(features, "words", "", shown);
    features.add("structure", `shown ${tenths(shown.length, html.length)}`);
  }
  const links = addLinks(features, "link", [...linksIn(text), ...(signs?.links ?? [])]);
  if (signs !== null) addLinks(features, "image", signs.images);
  addParts(features, parsed, signs);
  addStyle(features, text);
  return { features: features.finish(stringsOf(bytes)), tests: contentTests(parsed, text, signs, links) };
}

function addParts(features: FeatureSet, { attachments }: ParsedMessage, html: HtmlSigns | null): void {
  const add = (what: string) => features.add("structure", what);
  add(`attachments ${bucket(attachments.length)}`);
  for (const { content_type, filename } of attachments.slice(0, 20)) {
    add(`attached ${content_type}`);
    add(`attached ${/\.[a-z0-9]{1,6}$/i.exec(filename)?.[0].toLowerCase() ?? "without ending"}`);
  }
  if (html === null) add("html none");
  else {
    add(`html images ${bucket(html.images.length)}`);
    add(`html links ${bucket(html.links.length)}`);
    add(`html forms ${bucket(html.forms)}`);
    add(`html script ${html.scripts > 0}`);
  }
}

/** How people write, and how programs do. */
function addStyle(features: FeatureSet, text: string): void {
  const add = (what: string, value: string | number | boolean) => features.add("structure", `${what} ${value}`);
  const lines = text.split("\n");
  const countOf = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  add("text", bucket(text.length));
  add("lines", Math.floor(Math.log2(lines.length)));
  add("longest line", Math.floor(Math.max(...lines.map(({ length }) => length)) / 20));
  add("empty lines", tenths(lines.filter((line) => line.trim() === "").length, lines.length));
  add("quoted", Math.min(5, Math.ceil(Math.log2(lines.filter((line) => /^[>|]/.test(line)).length + 1))));
  add("signature", lines.includes("-- "));
  add("attribution", /\b(?:wrote|writes|said):?[ \t]{0,20}$/m.test(text));
  add("pgp", text.includes("-----BEGIN PGP"));
  const upper = countOf(/\p{Lu}/gu);
  add("capitals", Math.floor((20 * upper) / (upper + countOf(/\p{Ll}/gu) + 1)));
  add("exclamations", Math.min(8, countOf(/!/g)));
  add("dollars", Math.min(8, countOf(/\$/g)));
  add("not ascii", tenths(countOf(/[^\p{ASCII}]/gu), text.length));
}
