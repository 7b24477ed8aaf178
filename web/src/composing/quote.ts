/** What a rich letter has below what is written: the message that it answers or passes on, as it came. */
import type { Quote } from "./letter.ts";

/** Draft or sent, it is found again by this. The server keeps it as it is. */
const MARK = '<div class="mailmesh-quote">';
const END = "</div>";

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** `lines`: who wrote it and when. `html` is safe already. */
export function quoteOf(lines: readonly string[], text: string, html: string, isForward: boolean): Quote {
  const intro = `<p>${lines.map(escapeHtml).join("<br>")}</p>`;
  const body = withoutDocument(html);
  // Its styles would be those of the answer as well.
  const below = isForward ? body : `<blockquote type="cite">${body.replaceAll(STYLE, "")}</blockquote>`;
  return { text: [...lines, "", text].join("\n"), html: `${MARK}${intro}${below}${END}` };
}

const STYLE = /<style[^>]*>[\s\S]*?<\/style>/gi;

/** A document has no place in another. */
const withoutDocument = (html: string): string =>
  html.replaceAll(/<!doctype[^>]*>|<\/?(?:html|head|body)\b[^>]*>/gi, "");

/** What was written, and what is quoted below it. What the editor cannot hold is kept as it is, with the quote. */
export function splitHtml(html: string, text: string): { own: string; quote: Quote | null } {
  const at = html.indexOf(MARK);
  const own = at === -1 ? html : html.slice(0, at);
  if (!isEditable(own)) return { own: "", quote: { text, html } };
  return { own, quote: at === -1 ? null : { text, html: html.slice(at) } };
}

const KNOWN = /^(?:p|br|strong|b|em|i|u|s|del|strike|a|ul|ol|li|blockquote|code|pre|h[1-3]|hr|img|div|span)$/i;
/** Whether the editor has all that is in it. */
const isEditable = (html: string): boolean =>
  Array.from(html.matchAll(/<([a-z][a-z0-9]*)/gi), ([, name = ""]) => name).every((name) => KNOWN.test(name)) &&
  !/\sstyle=/i.test(html);

/** Each blank line parts paragraphs. */
export const paragraphs = (text: string): string =>
  text
    .trimEnd()
    .split(/\n{2,}/)
    .map((part) => `<p>${escapeHtml(part).replaceAll("\n", "<br>")}</p>`)
    .join("");

const SIGNATURE = /<div class="mailmesh-signature">[\s\S]*?<\/div>/;

export const signatureBlock = (html: string): string =>
  html === "" ? "" : `<div class="mailmesh-signature">${html}</div>`;

/** The signature of another identity in place of the one that is there, or at the end. */
export function withSignature(html: string, signature: string): string {
  const block = signatureBlock(signature);
  return SIGNATURE.test(html) ? html.replace(SIGNATURE, () => block) : `${html}${block}`;
}

/** As most programs show it: an empty paragraph has no height. */
export const forSending = (html: string): string => html.replaceAll(/<p><\/p>/g, "<p><br></p>");
