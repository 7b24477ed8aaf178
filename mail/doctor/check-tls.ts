/** MTA-STS (RFC 8461) and TLS-RPT (RFC 8460): both are extras, so that it is no fault when a domain has neither. */
import type { DnsRecords } from "../../contract/dns.ts";
import type { Dns } from "./dns-over-https.ts";
import { advice, type Finding, quoted, right, unknown, wrong } from "./finding.ts";
import { readTags } from "./tags.ts";

/** The policy as the world gets it, or why not. */
export type FetchPolicy = (url: string) => Promise<{ text: string } | { why: string }>;

export async function checkMtaSts(dns: Dns, wanted: DnsRecords, fetchPolicy: FetchPolicy): Promise<Finding[]> {
  const { domain, records, mta_sts } = wanted;
  const name = `_mta-sts.${domain}`;
  const value = records.find(({ purpose }) => purpose === "mta_sts")?.value ?? "";
  const answer = await dns.txt(name);
  if (!answer.known) return [unknown(`The MTA-STS record of ${domain}`, answer.why)];
  const found = answer.records.filter((record) => /^v=STSv1/i.test(record));
  const [record] = found;
  if (record === undefined) {
    return [
      advice("MTA-STS is not set: senders may deliver without TLS", `set the TXT record at ${name}: ${quoted(value)}`),
    ];
  }
  // RFC 8461 §3.1
  if (found.length > 1) return [wrong(`${name} has ${found.length} records, and senders heed none`, "leave one")];
  const findings: Finding[] = [];
  if (readTags(record).get("id") !== readTags(value).get("id")) {
    const what = `The id at ${name} does not fit the policy of this mesh: ${quoted(record)}`;
    findings.push(wrong(what, `set it to ${quoted(value)}, or senders keep the policy that they know`));
  }
  const policy = await fetchPolicy(mta_sts.url);
  if ("why" in policy) {
    findings.push(
      wrong(`The MTA-STS policy cannot be read at ${mta_sts.url}: ${policy.why}`, `lead ${mta_sts.host} to the mesh`),
    );
  } else if (linesOf(policy.text) !== linesOf(mta_sts.policy)) {
    const what = `The policy at ${mta_sts.url} is another than this mesh's: ${quoted(policy.text)}`;
    findings.push(wrong(what, `lead ${mta_sts.host} to the mesh, or put ${quoted(mta_sts.policy)} there`));
  }
  return findings.length === 0 ? [right(`MTA-STS: ${quoted(record)}, and the policy fits`)] : findings;
}

/** RFC 8461 §3.2: lines may end in LF, and their order says nothing. */
const linesOf = (policy: string): string =>
  policy
    .split("\n")
    .map((line) => line.trim().replace(/\s*:\s*/, ": "))
    .filter((line) => line !== "")
    .sort()
    .join("\n");

export async function checkTlsReports(dns: Dns, { domain, records }: DnsRecords): Promise<Finding[]> {
  const name = `_smtp._tls.${domain}`;
  const value = records.find(({ purpose }) => purpose === "tls_rpt")?.value ?? "";
  const answer = await dns.txt(name);
  if (!answer.known) return [unknown(`The TLS-RPT record of ${domain}`, answer.why)];
  const found = answer.records.filter((record) => /^v=TLSRPT/i.test(record));
  const [record] = found;
  if (record === undefined) {
    return [advice("TLS reports are not asked for", `set the TXT record at ${name}: ${quoted(value)}`)];
  }
  if (found.length > 1) return [wrong(`${name} has ${found.length} records, and nobody reports`, "leave one")];
  const targets = readTags(record).get("rua")?.split(",") ?? [];
  if (targets.length === 0 || targets.some((target) => !/^\s*(?:mailto:[^@\s]+@|https:\/\/)[^@\s]+$/i.test(target))) {
    return [wrong(`The TLS-RPT record has a mistake: ${quoted(record)}`, `set it to ${quoted(value)}`)];
  }
  return [right(`TLS-RPT: ${quoted(record)}`)];
}
