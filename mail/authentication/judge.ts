/**
 * From what a trusted hop found to what is said of the sender. DMARC (RFC 7489) decides where the domain in From has a
 * record. Where it has none, a DKIM or SPF pass of the same organisation verifies, and nothing can be forged: the domain
 * says nothing of what is not from there.
 */
import type { Authentication } from "../../contract/authentication.ts";
import { domainIn, isAligned } from "./alignment.ts";
import type { ArcSet } from "./arc-sets.ts";
import { type MethodResult, type ResultsField, resultOf } from "./results-field.ts";
import { forwarderVouches } from "./trusted-forwarder.ts";

export interface Evidence {
  /** What the trusted hop says. */
  field: ResultsField;
  /** The one domain in From; null where there is none, or several. */
  author: string | null;
  /** As the message came to that hop; null where they are in disorder. */
  arc_sets: ArcSet[] | null;
  /** See doubled-fields.ts. */
  has_doubled_fields: boolean;
  trusted_sealers: readonly string[];
}

/** A message has few signatures; a row of the mailbox is not without end. */
const MAX_SIGNATURES = 20;

export function judge({ field, author, arc_sets, has_doubled_fields, trusted_sealers }: Evidence): Authentication {
  const { results } = field;
  const signatures = of(results, "dkim").slice(0, MAX_SIGNATURES);
  const facts = {
    by: field.authserv_id.slice(0, 255),
    spf: spfOf(results),
    dkim: signatures.flatMap(signatureOf),
    dmarc: dmarcOf(results),
    arc: arcOf(results, arc_sets),
  };
  if (isRefused(facts.dmarc)) {
    const isVouchedFor =
      facts.arc?.result === "pass" && author !== null && forwarderVouches(arc_sets ?? [], author, trusted_sealers);
    return isVouchedFor
      ? { ...facts, sender: "unverified", override: "trusted_forwarder" }
      : { ...facts, sender: "forged", override: null };
  }
  const undersized = signatures.filter(isUndersized).flatMap(signatureOf);
  const whole = [...signatures.filter((one) => !isUndersized(one)).flatMap(signatureOf), facts.spf];
  const isAuthors = !has_doubled_fields && isVerified({ dmarc: facts.dmarc, whole, undersized }, author);
  return { ...facts, sender: isAuthors ? "verified" : "unverified", override: null };
}

/** With a policy of none the domain asks for nothing, and most of what fails is its own mail on a detour. */
const isRefused = ({ result, policy }: Authentication["dmarc"]): boolean =>
  result === "fail" && (policy === "quarantine" || policy === "reject");

interface Passes {
  dmarc: Authentication["dmarc"];
  /** What may stand behind the whole message. */
  whole: Identity[];
  /** RFC 6376 §8.2: signatures that end before the body does. What follows is anybody's. */
  undersized: Identity[];
}
type Identity = Authentication["spf"];

function isVerified({ dmarc, whole, undersized }: Passes, author: string | null): boolean {
  if (author === null) return false;
  const isOfAuthor = ({ result, domain }: Identity) =>
    result === "pass" && domain !== null && isAligned(domain, author);
  if (dmarc.result === "none") return whole.some(isOfAuthor);
  if (dmarc.result !== "pass" || (dmarc.domain !== null && dmarc.domain !== author)) return false;
  return !undersized.some(isOfAuthor) || whole.some(isOfAuthor);
}

const isUndersized = ({ properties }: MethodResult): boolean => properties.get("policy.dkim-rules") === "undersized";

const of = (results: readonly MethodResult[], method: string) => results.filter((one) => one.method === method);

/** Cloudflare checks HELO as well. What counts is MAIL FROM, and HELO where that is empty (RFC 7208 §2.4). */
function spfOf(results: readonly MethodResult[]): Authentication["spf"] {
  const all = of(results, "spf");
  const found = all.find(({ properties }) => properties.has("smtp.mailfrom")) ?? all[0];
  const identity = found?.properties.get("smtp.mailfrom") ?? found?.properties.get("smtp.helo");
  return { result: resultOf(found) ?? "none", domain: domainIn(identity) };
}

function signatureOf(finding: MethodResult): Authentication["dkim"] {
  const result = resultOf(finding);
  const { properties } = finding;
  const domain = domainIn(properties.get("header.d") ?? properties.get("header.i"));
  // "Nothing is signed" is no signature.
  if (result === null || (result === "none" && domain === null)) return [];
  return [{ result, domain, selector: properties.get("header.s")?.slice(0, 255) ?? null }];
}

function dmarcOf(results: readonly MethodResult[]): Authentication["dmarc"] {
  const [found] = of(results, "dmarc");
  return {
    result: resultOf(found) ?? "none",
    domain: domainIn(found?.properties.get("header.from")),
    policy: found === undefined ? null : policyOf(found),
  };
}

/** RFC 9989 §9.1: `policy.dmarc` is what the domain asks for. Others write it into a comment, `(p=reject dis=none)`. */
function policyOf({ properties, comments }: MethodResult): Authentication["dmarc"]["policy"] {
  const comment = /\bp=(none|quarantine|reject)\b/i.exec(comments.join(" "))?.[1];
  const text = (properties.get("policy.dmarc") ?? comment)?.toLowerCase();
  return text === "none" || text === "quarantine" || text === "reject" ? text : null;
}

function arcOf(results: readonly MethodResult[], sets: ArcSet[] | null): Authentication["arc"] {
  const [found, ...others] = of(results, "arc");
  const result = others.length > 0 ? null : resultOf(found);
  return result === null || result === "none" ? null : { result, domain: sets?.at(-1)?.sealer ?? null };
}
