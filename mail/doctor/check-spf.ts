/** SPF: one record, that names all who send, that ends in a judgement, and that receivers can look through (RFC 7208). */
import type { DnsRecords } from "../../contract/dns.ts";
import { canonicalName, type Dns, isName } from "./dns-over-https.ts";
import { advice, type Finding, quoted, right, unknown, wrong } from "./finding.ts";
import { isSpf, readSpf, type Term } from "./spf-record.ts";

/** RFC 7208 §4.6.4: more is an error, and the record then says nothing. */
const MAX_LOOKUPS = 10;

export async function checkSpf(dns: Dns, { domain, records }: DnsRecords): Promise<Finding[]> {
  const wanted = records.find(({ purpose }) => purpose === "spf")?.value ?? "";
  const answer = await dns.txt(domain);
  if (!answer.known) return [unknown(`The SPF record of ${domain}`, answer.why)];
  const found = answer.records.filter(isSpf);
  const [record] = found;
  if (record === undefined) return [wrong(`${domain} has no SPF record`, `set the TXT record ${quoted(wanted)}`)];
  if (found.length > 1) {
    // RFC 7208 §4.5
    return [wrong(`${domain} has ${found.length} SPF records, and receivers then heed none`, "merge them into one")];
  }
  const { terms, mistakes } = readSpf(record);
  const findings = mistakes.map((term) => wrong(`The SPF record has a mistake: ${quoted(term)}`, "correct the term"));
  findings.push(...endingOf(terms), ...missingOf(terms, readSpf(wanted).terms));
  findings.push(...(await checkLookups(dns, domain, terms)));
  return findings.some(({ level }) => level !== "advice") ? findings : [right(`SPF: ${quoted(record)}`), ...findings];
}

function endingOf(terms: Term[]): Finding[] {
  const all = terms.find(({ name }) => name === "all");
  if (all === undefined) {
    if (terms.some(({ name }) => name === "redirect=")) return [];
    return [advice("The SPF record does not say what of all others", "end it with ~all")];
  }
  if (all.qualifier === "+") {
    return [wrong("The SPF record ends in +all: the whole world may send as you", "end it with ~all")];
  }
  return all.qualifier === "?" ? [advice("The SPF record ends in ?all, which says nothing", "end it with ~all")] : [];
}

function missingOf(terms: Term[], wanted: Term[]): Finding[] {
  const has = ({ qualifier, name, value }: Term) =>
    terms.some(
      (term) =>
        term.qualifier === qualifier && term.name === name && canonicalName(term.value) === canonicalName(value),
    );
  return wanted
    .filter((term) => term.name !== "all" && !has(term))
    .map(({ name, value }) => (value === "" ? name : `${name}:${value}`))
    .map((term) => wrong(`The SPF record lacks ${term}, whose machines send your mail`, `add ${term} before the all`));
}

/** Walks the record and what it includes, as a receiver does. */
async function checkLookups(dns: Dns, domain: string, terms: Term[]): Promise<Finding[]> {
  let lookups = 0;
  const problems: Finding[] = [];
  const walk = async (own: Term[], path: string[]): Promise<void> => {
    for (const { name, value } of own) {
      if (lookups > MAX_LOOKUPS) return;
      if (["include", "a", "mx", "ptr", "exists", "redirect="].includes(name)) lookups += 1;
      // A macro stands for something of each message (RFC 7208 §7): there is nothing to look up here.
      if ((name !== "include" && name !== "redirect=") || value.includes("%")) continue;
      const target = canonicalName(value);
      if (path.includes(target))
        problems.push(wrong(`SPF of ${target} includes itself`, `remove it from ${path.at(-1)}`));
      else await walk(await termsOf(target), [...path, target]);
    }
  };
  const termsOf = async (target: string): Promise<Term[]> => {
    if (!isName(target)) {
      problems.push(wrong(`SPF includes ${target}, which is no name: receivers stop there`, "correct the term"));
      return [];
    }
    const answer = await dns.txt(target);
    if (!answer.known) {
      problems.push(unknown(`The SPF record of ${target}, which yours includes,`, answer.why));
      return [];
    }
    const [record, ...others] = answer.records.filter(isSpf);
    if (record !== undefined && others.length === 0) return readSpf(record).terms;
    const what = record === undefined ? "has none" : `has ${others.length + 1}`;
    problems.push(wrong(`SPF includes ${target}, which ${what}: receivers stop there`, `remove include:${target}`));
    return [];
  };
  await walk(terms, [domain]);
  if (lookups > MAX_LOOKUPS) {
    const what = `SPF takes more than ${MAX_LOOKUPS} look-ups, and receivers then heed none of it`;
    problems.push(wrong(what, "remove includes that nobody needs, or write addresses (ip4:, ip6:) instead"));
  }
  return problems;
}
