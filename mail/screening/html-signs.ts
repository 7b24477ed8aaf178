/** What HTML shows and what it does: links and what they show, forms, scripts. */
import { isSameOwner } from "../address/organizational-domain.ts";
import { decodeEntities } from "../text/entities.ts";
import { attribute, HtmlScan } from "../text/html-scan.ts";

export interface Link {
  /** Where it leads to. */
  host: string;
  /** What it shows, where that is an address. */
  shown: string | null;
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

export function readHtmlSigns(html: string): HtmlSigns {
  const signs: HtmlSigns = { asksForPassword: false, fields: 0, hasScript: false, links: [] };
  const scan = new HtmlScan(html);
  let link: { href: string; shown: string } | null = null;
  let isInForm = false;
  const close = () => {
    if (link !== null && signs.links.length < MAX_LINKS) signs.links.push(...linkOf(link));
    link = null;
  };
  for (let token = scan.next(); token !== null; token = scan.next()) {
    if (token.kind === "text") {
      if (link !== null && link.shown.length <= MAX_SHOWN) link.shown += token.text.slice(0, MAX_SHOWN + 1);
      continue;
    }
    const { name } = token;
    if (name === "a") close();
    if (token.kind === "end") continue;
    const { attributes } = token;
    if (name === "a") link = { href: attribute(attributes, "href"), shown: "" };
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

/** The first link that shows the address of one and leads to another. */
export const misleadingLink = ({ links }: HtmlSigns): { shown: string; host: string } | null => {
  for (const { shown, host } of links) if (shown !== null && !isSameOwner(shown, host)) return { shown, host };
  return null;
};

/** Data in a script element (JSON-LD, of which mail programs make summaries) does not run. */
function isScript(name: string, attributes: string): boolean {
  if (name === "script") return !/json/i.test(attribute(attributes, "type"));
  if (!attributes.includes("=")) return false;
  // Handlers by name; what stands in quotes is no name.
  if (/\son[a-z]{3,30}\s*=/i.test(attributes.replaceAll(/"[^"]*"|'[^']*'/g, '""'))) return true;
  return /script:/i.test(attributes) && ["href", "src", "action", "formaction"].some((at) => runs(attributes, at));
}

const runs = (attributes: string, at: string): boolean =>
  /^(?:javascript|vbscript):/i.test(decodeEntities(attribute(attributes, at)).replaceAll(/[\p{Cc}\s]+/gu, ""));

function linkOf({ href, shown }: { href: string; shown: string }): Link[] {
  const host = hostOf(decodeEntities(href).trim());
  if (host === null) return [];
  const text = shown.length > MAX_SHOWN ? "" : decodeEntities(shown).replaceAll(/\p{Cf}/gu, "");
  return [{ host, shown: shownHost(text) }];
}

const ENDINGS = "com|net|org|edu|gov|info|biz|de|at|ch|fr|nl|it|es|eu|uk|us|ca|au|jp|br|io|example|test";
/** With `www.`, or with a common ending that is none of a file's. */
const BARE = new RegExp(`^(?:www\\.[^@]+|(?:[a-z0-9-]{1,63}\\.){1,10}(?:${ENDINGS}))(?:[/?#:][^@]*)?$`, "i");

/** The host of a text that is an address, or that has one with a scheme in it. */
function shownHost(text: string): string | null {
  const [address] = /https?:\/\/\S+/i.exec(text) ?? [];
  if (address !== undefined) return hostOf(address);
  // Blanks in it are what a writer breaks an address with.
  const bare = text.replaceAll(/\s+/g, "");
  return BARE.test(bare) ? hostOf(`http://${bare}`) : null;
}

function hostOf(url: string): string | null {
  if (!/^https?:/i.test(url)) return null;
  const parsed = URL.parse(url);
  return parsed === null || !parsed.hostname.includes(".") ? null : parsed.hostname.replace(/\.$/, "");
}
