/** Where a message leads: hosts of links, and what is odd about their addresses. */
import type { FeatureSet } from "./feature-set.ts";

const MAX_LINKS = 100;
const URL_IN_TEXT = /\b(?:https?:\/\/|www\.)[^\s<>"']{3,1000}/gi;

export function linksIn(text: string): string[] {
  const links: string[] = [];
  for (const [link] of text.matchAll(URL_IN_TEXT)) {
    links.push(link);
    if (links.length === MAX_LINKS) break;
  }
  return links;
}

/** What is odd about the links of a message. */
export interface LinkSigns {
  /** A number instead of a name. */
  literal: boolean;
  /** A user name in front of the host, which a reader takes for the host. */
  userName: boolean;
}

export function addLinks(features: FeatureSet, kind: string, links: string[]): LinkSigns {
  const signs = { literal: false, userName: false };
  for (const link of links.slice(0, MAX_LINKS)) addLink(features, kind, link.slice(0, 2000), signs);
  return signs;
}

function addLink(features: FeatureSet, kind: string, link: string, signs: LinkSigns): void {
  const add = (what: string) => features.add("structure", `${kind} ${what}`);
  const scheme = /^[a-z][a-z0-9+.-]{0,20}:/i.exec(link)?.[0].toLowerCase() ?? "";
  if (scheme !== "" && !/^https?:$/.test(scheme)) {
    add(scheme);
    return;
  }
  const url = URL.parse(scheme === "" ? `http://${link}` : link);
  if (url === null) {
    add("broken");
    return;
  }
  const isLiteral = /^[\d.]+$|^\[/.test(url.hostname);
  signs.literal ||= isLiteral;
  signs.userName ||= url.username !== "";
  if (isLiteral) add("address literal");
  else addHost(features, "structure", kind, url.hostname);
  if (url.port !== "") add("port");
  if (url.username !== "") add("user name");
  if (link.includes("%")) add("escaped");
  if (url.search !== "") add("query");
  for (const step of url.pathname.split(/[/.?&=_-]+/, 12)) {
    if (step.length > 1 && step.length < 20) features.add("structure", `path ${step.toLowerCase()}`);
  }
}

/** The host with each of its parents: `a.b.example.com`, `b.example.com`, `example.com`, `com`. */
export function addHost(features: FeatureSet, group: "header" | "structure", kind: string, host: string): void {
  const labels = host.slice(0, 253).toLowerCase().split(".").slice(-4);
  for (let n = 0; n < labels.length; n++) features.add(group, `${kind} ${labels.slice(n).join(".")}`);
}
