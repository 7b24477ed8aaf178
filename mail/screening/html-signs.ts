/** What HTML shows and what it does: links and what they show, forms, scripts. */
import { isSameOwner } from "../address/organizational-domain.ts";
import { parseWeb } from "../html/addresses.ts";
import { decodeEntities } from "../text/entities.ts";
import { attribute, attributesOf, HtmlScan } from "../text/html-scan.ts";
import { TextDirection } from "./text-direction.ts";

export interface Link {
  /** Where it leads to. */
  host: string;
  /** What it shows, where that is an address. */
  shown: string | null;
  /** Its text is shown against the order in which it is written: no honest link is. */
  isTurned: boolean;
}

export interface HtmlSigns {
  asksForPassword: boolean;
  /** Those of forms that are there to be filled in. */
  fields: number;
  hasScript: boolean;
  /** The first MAX_LINKS that lead to a page. */
  links: Link[];
}

/** Longer than this, what a link shows is a text and no address. */
const MAX_SHOWN = 300;
/** No honest message has more, and what a dishonest one has beyond is not shown to many. */
const MAX_LINKS = 1000;

interface WrittenLink {
  href: string;
  shown: string;
  isTurned: boolean;
}

export function readHtmlSigns(html: string): HtmlSigns {
  const signs: HtmlSigns = { asksForPassword: false, fields: 0, hasScript: false, links: [] };
  const scan = new HtmlScan(html);
  const direction = new TextDirection();
  let link: WrittenLink | null = null;
  let base: URL | null = null;
  let isInForm = false;
  const close = () => {
    if (link !== null && signs.links.length < MAX_LINKS) signs.links.push(...linkOf(link, base));
    link = null;
  };
  for (let token = scan.next(); token !== null; token = scan.next()) {
    const isTurned = direction.isTurned(token);
    if (token.kind === "text") {
      if (link !== null) link.isTurned ||= isTurned;
      if (link !== null && link.shown.length <= MAX_SHOWN) link.shown += token.text.slice(0, MAX_SHOWN + 1);
      continue;
    }
    const { name } = token;
    if (name === "a") close();
    if (token.kind === "end") continue;
    const { attributes } = token;
    if (name === "base") base ??= parseWeb(decodeEntities(attribute(attributes, "href")), null);
    if (name === "a") link = { href: attribute(attributes, "href"), shown: "", isTurned: false };
    isInForm ||= name === "form";
    if (name === "input" || name === "textarea") {
      const type = attribute(attributes, "type").trim().toLowerCase();
      signs.asksForPassword ||= type === "password";
      if (isInForm && !/^(?:hidden|submit|button|image|reset)$/.test(type)) signs.fields++;
    }
    signs.hasScript ||= isScript(name, attributes);
    if (name === "script" || name === "style") scan.skipElement(name);
  }
  close();
  return signs;
}

/** What a link shows that leads to another host; null where it does not mislead. It stands in sentences. */
export function misleadingText({ shown, host, isTurned }: Link): string | null {
  if (isTurned) return "its text backwards";
  return shown === null || isSameOwner(shown, host) ? null : shown;
}

/** The first link that shows the address of one and leads to another. */
export function misleadingLink({ links }: HtmlSigns): { shown: string; host: string } | null {
  for (const link of links) {
    const shown = misleadingText(link);
    if (shown !== null) return { shown, host: link.host };
  }
  return null;
}

/** Data in a script element (JSON-LD, of which mail programs make summaries) does not run. */
function isScript(name: string, attributes: string): boolean {
  if (name === "script") return !/json/i.test(attribute(attributes, "type"));
  if (!attributes.includes("=")) return false;
  for (const [at, value] of attributesOf(attributes))
    if (HANDLER.test(at) || (MAY_RUN.has(at) && runs(value))) return true;
  return false;
}

const HANDLER = /^on[a-z]{3,30}$/;
const MAY_RUN = new Set(["href", "src", "action", "formaction"]);

const runs = (value: string): boolean =>
  /^(?:javascript|vbscript):/i.test(decodeEntities(value).replaceAll(/[\p{Cc}\s]+/gu, ""));

/** Where it leads is read as it is where mail is made safe to show: relative to a `<base>`, without tabs and line ends. */
function linkOf({ href, shown, isTurned }: WrittenLink, base: URL | null): Link[] {
  const host = hostOf(parseWeb(decodeEntities(href).trim(), base));
  if (host === null) return [];
  const text = shown.length > MAX_SHOWN ? "" : decodeEntities(shown).replaceAll(/\p{Cf}/gu, "");
  return [{ host, shown: shownHost(asRead(text)), isTurned }];
}

/** Wide letters and dots of other scripts are the usual ones to a reader, and to a browser (UTS 46). */
const asRead = (text: string): string => text.normalize("NFKC").replaceAll("\u3002", ".");

const ENDINGS = "com|net|org|edu|gov|info|biz|de|at|ch|fr|nl|it|es|eu|uk|us|ca|au|jp|br|io|example|test";
/** With `www.`, or with a common ending that is none of a file's. */
const BARE = new RegExp(`^(?:www\\.[^@]+|(?:[a-z0-9-]{1,63}\\.){1,10}(?:${ENDINGS}))(?:[/?#:][^@]*)?$`, "i");

/** The host of a text that is an address, or that has one with a scheme in it. */
function shownHost(text: string): string | null {
  const [address] = /https?:\/\/\S+/i.exec(text) ?? [];
  if (address !== undefined) return hostOf(URL.parse(address));
  // Blanks in it are what a writer breaks an address with.
  const bare = text.replaceAll(/\s+/g, "").replaceAll(/^[\p{Ps}\p{Pi}"']+|[\p{Pe}\p{Pf}"'.,;:!?]+$/gu, "");
  return BARE.test(bare) ? hostOf(URL.parse(`http://${bare}`)) : null;
}

const hostOf = (url: URL | null): string | null =>
  url === null || !url.hostname.includes(".") ? null : url.hostname.replace(/\.$/, "");
