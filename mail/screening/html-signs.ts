/** What HTML shows and what it does: links that show one host and lead to another, fields for a password. */
import { decodeEntities } from "../text/entities.ts";
import { attribute, HtmlScan } from "../text/html-scan.ts";
import { isSameOwner } from "./same-owner.ts";

export interface HtmlSigns {
  asksForPassword: boolean;
  /** The first such link. */
  misleading: { shown: string; host: string } | null;
}

/** Longer than this, what a link shows is a text and no address. */
const MAX_SHOWN = 300;

export function readHtmlSigns(html: string): HtmlSigns {
  const signs: HtmlSigns = { asksForPassword: false, misleading: null };
  const scan = new HtmlScan(html);
  let link: { href: string; shown: string } | null = null;
  const close = () => {
    if (link !== null) signs.misleading ??= misleads(link.href, link.shown);
    link = null;
  };
  for (let token = scan.next(); token !== null; token = scan.next()) {
    if (token.kind === "text") {
      if (link !== null && link.shown.length <= MAX_SHOWN) link.shown += token.text.slice(0, MAX_SHOWN + 1);
    } else if (token.name === "a") {
      close();
      if (token.kind === "start") link = { href: attribute(token.attributes, "href"), shown: "" };
    } else if (token.kind === "start" && token.name === "input") {
      signs.asksForPassword ||= attribute(token.attributes, "type").trim().toLowerCase() === "password";
    }
  }
  close();
  return signs;
}

function misleads(href: string, text: string): HtmlSigns["misleading"] {
  if (text.length > MAX_SHOWN) return null;
  const shown = shownHost(decodeEntities(text).replaceAll(/[\p{Cf}\s]+/gu, ""));
  const host = hostOf(decodeEntities(href).trim());
  if (shown === null || host === null || isSameOwner(shown, host)) return null;
  return { shown, host };
}

/** The host of a text that is an address and nothing else: with a scheme, with `www.`, or with a common ending. */
function shownHost(text: string): string | null {
  if (/^https?:\/\//i.test(text)) return hostOf(text);
  if (!/^(?:www\.[^@]+|(?:[a-z0-9-]{1,63}\.){1,10}(?:com|net|org|edu|gov|info|biz))(?:[/?#:][^@]*)?$/i.test(text))
    return null;
  return hostOf(`http://${text}`);
}

function hostOf(url: string): string | null {
  if (!/^https?:/i.test(url)) return null;
  const parsed = URL.parse(url);
  return parsed === null || !parsed.hostname.includes(".") ? null : parsed.hostname.replace(/\.$/, "");
}
