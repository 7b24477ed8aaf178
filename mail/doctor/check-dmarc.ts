/** DMARC (RFC 7489 §6.3): what receivers are asked to do with mail that is not the domain's. */
import type { DnsRecords } from "../../contract/dns.ts";
import type { Dns } from "./dns-over-https.ts";
import { advice, type Finding, quoted, right, unknown, wrong } from "./finding.ts";
import { readTags } from "./tags.ts";

const POLICIES = ["none", "quarantine", "reject"];
const ALIGNMENTS = ["r", "s"];
const CHOICES: readonly [tag: string, choices: string[]][] = [
  ["p", POLICIES],
  ["sp", POLICIES],
  ["adkim", ALIGNMENTS],
  ["aspf", ALIGNMENTS],
];

export async function checkDmarc(dns: Dns, { domain, records }: DnsRecords): Promise<Finding[]> {
  const wanted = records.find(({ purpose }) => purpose === "dmarc")?.value ?? "";
  const name = `_dmarc.${domain}`;
  const answer = await dns.txt(name);
  if (!answer.known) return [unknown(`The DMARC record of ${domain}`, answer.why)];
  const found = answer.records.filter((record) => /^\s*v\s*=\s*dmarc/i.test(record));
  const [record] = found;
  if (record === undefined) {
    return [wrong(`${domain} has no DMARC record`, `set the TXT record at ${name}: ${quoted(wanted)}`)];
  }
  if (found.length > 1)
    return [wrong(`${name} has ${found.length} DMARC records, and receivers heed none`, "leave one")];
  const tags = readTags(record);
  const mistakes = mistakesOf(record, tags);
  if (mistakes.length > 0) return mistakes;
  const notes: Finding[] = [];
  if (!tags.has("rua")) notes.push(advice("DMARC asks for no reports", `add rua=mailto:postmaster@${domain}`));
  if (tags.get("p") === "none") {
    const what = "DMARC is at p=none: forgeries are reported, and arrive";
    notes.push(advice(what, "when two weeks of reports are clean, go to p=quarantine, then to p=reject"));
  }
  return [right(`DMARC: ${quoted(record)}`), ...notes];
}

function mistakesOf(record: string, tags: ReadonlyMap<string, string | null>): Finding[] {
  const mistake = (what: string, todo: string) => wrong(`The DMARC record has a mistake: ${what}`, todo);
  if (!/^v\s*=\s*DMARC1\s*(?:;|$)/.test(record)) return [mistake(quoted(record), "begin it with v=DMARC1;")];
  const findings: Finding[] = [];
  const policy = tags.get("p");
  if (policy === undefined || policy === null)
    findings.push(mistake("it has no policy", "add p=none, behind v=DMARC1;"));
  for (const [tag, choices] of CHOICES) {
    const value = tags.get(tag);
    if (typeof value === "string" && !choices.includes(value.toLowerCase())) {
      findings.push(mistake(`${tag}=${value}`, `${tag} is one of ${choices.join(", ")}; put a ; behind it`));
    }
  }
  for (const tag of ["rua", "ruf"]) {
    const targets = tags.get(tag)?.split(",") ?? [];
    const bad = targets.filter((target) => !/^\s*mailto:[^@\s]+@[^@\s]+$/i.test(target));
    if (bad.length > 0) findings.push(mistake(`${tag}=${bad.join(",")}`, "reports go to mailto:name@domain"));
  }
  const percent = tags.get("pct");
  if (typeof percent === "string" && !/^(?:\d{1,2}|100)$/.test(percent)) {
    findings.push(mistake(`pct=${percent}`, "pct is a number from 0 to 100"));
  }
  for (const [text, value] of tags) if (value === null) findings.push(mistake(quoted(text), "each part is name=value"));
  return findings;
}
