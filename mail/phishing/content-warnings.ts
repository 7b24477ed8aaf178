/** What can be said against a message without knowing whose mailbox it goes to. */
import type { Warning } from "../../contract/warnings.ts";
import { isSameOwner, registeredDomain } from "../address/organizational-domain.ts";
import type { Address } from "../parse/parsed-message.ts";
import { type HtmlSigns, type Link, misleadingText, readHtmlSigns } from "../screening/html-signs.ts";
import { isHonest, OFTEN_IMITATED } from "./known-domains.ts";
import { isBaited, lookOf, resembles } from "./resembles.ts";

export interface ReceivedContent {
  from: Address | null;
  reply_to: Address[];
  html: string | null;
  /** It came over a list, or is a mailing that can be left: list-claim.ts. */
  isVouchedList: boolean;
  /** The domain in From says that it is not from there: then nothing is excused in its name. */
  isForged: boolean;
}

export interface ContentWarnings {
  warnings: Warning[];
  /** Where links lead to, each registered domain once: a mailbox knows which of them look like one of its own. */
  link_hosts: string[];
}

/** More of one kind tell a reader nothing new. */
const MAX_OF_A_KIND = 3;
/** As many as there are links that are read: behind decoys stands the one that counts. */
const MAX_LINK_HOSTS = 1000;

export function contentWarnings(message: ReceivedContent): ContentWarnings {
  const { from, reply_to, html } = message;
  const signs = html === null ? NO_HTML : readHtmlSigns(html);
  const link_hosts = distinctHosts(signs.links);
  const senders = [from, ...reply_to].flatMap((address) => address?.email.split("@").at(-1) ?? []);
  return {
    link_hosts,
    warnings: [
      ...imitations([...senders, ...link_hosts]),
      ...misleadingLinks(signs, message),
      ...(isAskedToFillIn(signs, message) ? [FORM] : []),
      ...(signs.hasScript ? [SCRIPT] : []),
    ],
  };
}

const NO_HTML: HtmlSigns = { asksForPassword: false, fields: 0, hasScript: false, links: [] };

/** A box to search in is all that a mailing has. */
const isAskedToFillIn = ({ asksForPassword, fields }: HtmlSigns, message: ReceivedContent): boolean =>
  asksForPassword || fields > (message.isVouchedList ? 1 : 0);

const FORM: Warning = {
  reason: "form",
  subject: null,
  words: "It holds a form. What is typed into it goes to whoever wrote it.",
};
const SCRIPT: Warning = {
  reason: "script",
  subject: null,
  words: "It holds a script. It is not run here, and honest mail has none today.",
};

function distinctHosts(links: Link[]): string[] {
  const byDomain = new Map(links.map(({ host }) => [registeredDomain(host), host]));
  return [...byDomain.values()].slice(0, MAX_LINK_HOSTS);
}

const KNOWN = OFTEN_IMITATED.map(lookOf);
const KNOWN_NAMES = new Set(OFTEN_IMITATED);

function imitations(hosts: string[]): Warning[] {
  return [...new Set(hosts)].flatMap((host) => imitated(host) ?? []).slice(0, MAX_OF_A_KIND);
}

function imitated(host: string): Warning | null {
  const look = lookOf(host);
  if (KNOWN_NAMES.has(look.name) || isHonest(host)) return null;
  const known = KNOWN.find((candidate) => resembles(look, candidate) || adorns(look.name, candidate.name));
  return known === undefined ? null : looksLike(host, known.name);
}

/** `known-refund.com`, `secure-known.com`, `knownlogin.com`. */
function adorns(name: string, known: string): boolean {
  const [label, wanted] = [labelOf(name), labelOf(known)];
  if (wanted.length <= 4) return false;
  return (label.includes("-") && label.split("-").includes(wanted)) || isBaited(label, wanted);
}

const labelOf = (domain: string): string => domain.slice(0, domain.indexOf("."));

export const looksLike = (host: string, known: string): Warning => ({
  reason: "look_alike_domain",
  subject: host,
  words: `${host} is made to look like ${known}, and has nothing to do with it.`,
});

/** Of a rewritten link the true one stands in its query; whoever rewrites so looks at it first. */
const REWRITERS = new Set(["safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com"]);
/** A mailing's own counter leads everywhere: this many of its links go there. */
const COUNTED_FROM = 3;

function misleadingLinks({ links }: HtmlSigns, message: ReceivedContent): Warning[] {
  const counters = message.isVouchedList ? countersOf(links) : new Set();
  const seen = new Set<string>();
  const warnings: Warning[] = [];
  for (const link of links) {
    const { host } = link;
    const shown = misleadingText(link);
    if (shown === null || seen.has(`${shown} ${host}`)) continue;
    seen.add(`${shown} ${host}`);
    const isRewritten = REWRITERS.has(host) || REWRITERS.has(host.slice(host.indexOf(".") + 1));
    // A company that counts clicks on its own address elsewhere deceives nobody about who it is.
    const isHonestWay = isRewritten || isOwn(shown, message) || counters.has(registeredDomain(host));
    if (isHonestWay && !link.isTurned) continue;
    warnings.push({
      reason: "misleading_link",
      subject: host,
      words: `A link shows ${shown} and leads to ${host}.`,
    });
  }
  return warnings.slice(0, MAX_OF_A_KIND);
}

const isOwn = (shown: string, { from, isForged }: ReceivedContent): boolean =>
  !isForged && from !== null && isSameOwner(shown, from.email.split("@").at(-1) ?? "");

function countersOf(links: Link[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { host } of links) counts.set(registeredDomain(host), (counts.get(registeredDomain(host)) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= COUNTED_FROM).map(([domain]) => domain));
}
