/**
 * Whether a stranger pretends to be somebody that the owner knows. It is asked in each delivery and reads few rows: by
 * address, by what the name looks like, by what the domain looks like, and along the known domains of one first letter.
 */
import { and, eq, gt, lt, min, sql } from "drizzle-orm";
import type { Warning } from "../../contract/warnings.ts";
import { domainOf } from "../../mail/address/address.ts";
import { registeredDomain } from "../../mail/address/organizational-domain.ts";
import { whyAutomatic } from "../../mail/parse/automatic-mail.ts";
import { looksLike } from "../../mail/phishing/content-warnings.ts";
import { isVouchedList } from "../../mail/phishing/list-claim.ts";
import { domainKey, nameKey } from "../../mail/phishing/look-alike.ts";
import { isOneLetterAway, lookOf, resembles, withoutBait } from "../../mail/phishing/resembles.ts";
import {
  addressInName,
  bearsTheName,
  domainOfAddress,
  imitatesContact,
  MAX_REPLY_TO,
  ownDomainInName,
  replyToElsewhere,
  type SenderClaims,
} from "../../mail/phishing/sender-claims.ts";
import { correspondent } from "../../schema/mailbox/receiving-tables.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { isCorrespondent } from "./correspondents.ts";
import type { Letter } from "./letter.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";

/** Addresses that one name or one domain has here. Whoever has more is none to be imitated one by one. */
const MAX_KNOWN = 20;
/** Known domains of one first letter that are looked along. */
const MAX_STEPS = 60;

export function impersonationWarnings(box: Mailbox, letter: Letter): Warning[] {
  const { content, examination } = letter;
  const { from } = content;
  if (!examination || from === null || !from.email.includes("@")) return [];
  const claims: SenderClaims = {
    from,
    reply_to: content.reply_to,
    sender: examination.authentication?.sender ?? null,
    isList: whyAutomatic(examination.header) === "list",
    isVouchedList: isVouchedList(examination.header, examination.authentication),
    own_domains: ownDomains(box, letter),
  };
  const isKnown = claims.sender !== "forged" && isCorrespondent(box.db, from.email);
  const about = isKnown ? [] : [...inName(box, letter, claims), ...inDomain(box.db, claims)];
  const elsewhere = isKnown && claims.sender === "verified" ? null : replyToElsewhere(claims);
  const found = [
    ...about,
    ...(elsewhere === null ? [] : [elsewhere]),
    ...inLinks(box.db, examination.link_hosts, claims),
  ];
  const isSaid = ({ reason, subject }: Warning) =>
    examination.warnings.some((said) => said.reason === reason && said.subject === subject);
  return found.filter((warning) => !isSaid(warning));
}

const ownDomains = ({ email }: Mailbox, { delivered_to }: Letter): string[] => [
  ...new Set([email, ...delivered_to].flatMap((address) => domainOf(address) ?? [])),
];

/** One warning about the name: it is an address, or holds the own domain, or is that of somebody who is known. */
function inName(box: Mailbox, { content }: Letter, claims: SenderClaims): Warning[] {
  const { from } = claims;
  const written = addressInName(from);
  const [own] = [ownDomainInName(claims), written && ownOf(written, claims)].filter((found) => found !== null);
  if (own !== undefined) {
    const words = `The name has ${own} in it, and the message is from ${from.email}.`;
    return [{ reason: "imitates_own_domain", subject: from.email, words }];
  }
  if (written !== null && !claims.isList) {
    const words = `The name says ${written}, and the message is from ${from.email}.`;
    return [{ reason: "imitates_contact", subject: from.email, words }];
  }
  const key = nameKey(from.name);
  const known =
    key === ""
      ? []
      : byName(box.db)
          .all({ key })
          .map(({ address }) => address);
  const warning = imitatesContact(claims, known);
  // Somebody who answers the owner from an address with the same name in it: people have several.
  if (warning === null || (bearsTheName(from) && answersOwner(box.db, content.in_reply_to, claims))) return [];
  return [warning];
}

const ownOf = (address: string, { own_domains }: SenderClaims): string | null =>
  own_domains.find((own) => own === domainOfAddress(address)) ?? null;

/** The domain of the sender, or of who would get the answer, beside the own ones and those of people who are known. */
function inDomain(db: MailboxDb, { from, reply_to, own_domains }: SenderClaims): Warning[] {
  const hosts = [from, ...reply_to.slice(0, MAX_REPLY_TO)].map(({ email }) => domainOfAddress(email));
  return [...new Set(hosts)].flatMap((host) => {
    const name = registeredDomain(host);
    if (own_domains.some((own) => registeredDomain(own) === name)) return [];
    const own = own_domains.find((domain) => resembles(lookOf(host), lookOf(domain)));
    if (own !== undefined) return [looksLike(host, own)];
    const known = lookAlike(db, host, name);
    return known === null ? [] : [looksLike(host, known)];
  });
}

/** The domain of somebody who is known that this one looks like. */
function lookAlike(db: MailboxDb, host: string, name: string): string | null {
  const key = domainKey(name);
  const same = byDomain(db)
    .all({ key })
    .map(({ address }) => domainOfAddress(address));
  if (same.some((domain) => registeredDomain(domain) === name)) return null;
  const inFront = namesInFront(host, name).flatMap((front) => byDomain(db).all({ key: domainKey(front) }));
  const found =
    same[0] ?? inFront.map(({ address }) => domainOfAddress(address)).find((it) => resembles(lookOf(host), lookOf(it)));
  return found ?? baited(db, name) ?? oneLetterAway(db, key);
}

/** `known.com` of `known-billing.com`. */
function baited(db: MailboxDb, name: string): string | null {
  const rows = withoutBait(name).flatMap((bare) => byDomain(db).all({ key: domainKey(bare) }));
  return rows.length === 0 ? null : domainOfAddress(rows[0]?.address ?? "");
}

/** Hops from one known domain to the next, along the index: a row is read for each, whoever many addresses it has. */
function oneLetterAway(db: MailboxDb, key: string): string | null {
  const letter = key.slice(0, 1);
  for (let at = letter, steps = 0; steps < MAX_STEPS; steps++) {
    const next = nextDomain(db).get({ at, end: `${letter}\u{10ffff}` })?.key ?? null;
    if (next === null) return null;
    if (isOneLetterAway(key, next)) return domainOfAddress(byDomain(db).get({ key: next })?.address ?? next);
    at = next;
  }
  return null;
}

/** What stands before the registered domain and could be one itself: `known.com` of `known.com.example.net`. */
function namesInFront(host: string, name: string): string[] {
  const labels = host
    .slice(0, Math.max(0, host.length - name.length - 1))
    .split(".")
    .slice(-4);
  const front = labels.flatMap((_, n) => labels.slice(n).join(".") || []);
  // `known.com-login.net`
  const [cut = ""] = host.split("-", 1);
  return [...front, ...(cut.length < host.length ? [cut] : [])].filter((text) => text.includes(".")).slice(0, 4);
}

/** Links to what looks like the own domain, or like that of somebody who is known. */
function inLinks(db: MailboxDb, hosts: string[], { own_domains }: SenderClaims): Warning[] {
  const isOwn = (host: string) => own_domains.some((own) => registeredDomain(own) === registeredDomain(host));
  const strange = hosts.filter((host) => !isOwn(host));
  const toOwn = strange.flatMap((host) => {
    const own = own_domains.find((domain) => resembles(lookOf(host), lookOf(domain)));
    return own === undefined ? [] : [looksLike(host, own)];
  });
  if (toOwn.length > 0 || strange.length === 0) return toOwn.slice(0, 1);
  const keys = new Map(strange.map((host) => [domainKey(registeredDomain(host)), host]));
  // One domain may have any number of people: of each a few are looked at, or it would hide the others.
  const known = db.all<{ key: string }>(sql`SELECT value AS key FROM json_each(${JSON.stringify([...keys.keys()])})
    WHERE EXISTS (SELECT 1 FROM correspondent WHERE domain_key = value)`);
  for (const { key } of known) {
    const host = keys.get(key) ?? "";
    const domains = byDomain(db)
      .all({ key })
      .map(({ address }) => domainOfAddress(address));
    const [domain] = domains;
    if (domain === undefined || domains.some((it) => registeredDomain(it) === registeredDomain(host))) continue;
    return [looksLike(host, domain)];
  }
  return [];
}

/** It answers a message that the owner sent, by an id that strangers have not seen. */
function answersOwner(db: MailboxDb, inReplyTo: string | null, { own_domains }: SenderClaims): boolean {
  if (inReplyTo === null) return false;
  const rows = byMessageId(db).all({ id: inReplyTo });
  const isOwn = (email: string) => own_domains.includes(domainOfAddress(email));
  return rows.some(({ from, delivered_to }) => delivered_to.length === 0 && from !== null && isOwn(from.email));
}

/** By the index message_by_rfc_message_id. */
const byMessageId = prepared((db) =>
  db
    .select({ from: message.from, delivered_to: message.delivered_to })
    .from(message)
    .where(eq(message.rfc_message_id, sql.placeholder("id")))
    .limit(5)
    .prepare(),
);
const address = { address: correspondent.address };
/** By the index correspondent_by_name, which leaves out those without a name. */
const byName = prepared((db) =>
  db
    .select(address)
    .from(correspondent)
    .where(and(eq(correspondent.name_key, sql.placeholder("key")), sql`name_key <> ''`))
    .limit(MAX_KNOWN)
    .prepare(),
);
/** By the index correspondent_by_domain, as the next. */
const byDomain = prepared((db) =>
  db
    .select(address)
    .from(correspondent)
    .where(eq(correspondent.domain_key, sql.placeholder("key")))
    .limit(MAX_KNOWN)
    .prepare(),
);
const nextDomain = prepared((db) =>
  db
    .select({ key: min(correspondent.domain_key) })
    .from(correspondent)
    .where(
      and(gt(correspondent.domain_key, sql.placeholder("at")), lt(correspondent.domain_key, sql.placeholder("end"))),
    )
    .prepare(),
);
