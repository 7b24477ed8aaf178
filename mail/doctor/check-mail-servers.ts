/** MX: does mail for the domain come to this mesh, and to nobody else (RFC 5321 §5.1)? */
import type { DnsRecords } from "../../contract/dns.ts";
import { canonicalName, type Dns } from "./dns-over-https.ts";
import { type Finding, right, unknown, wrong } from "./finding.ts";

export async function checkMailServers(dns: Dns, { domain, records }: DnsRecords): Promise<Finding[]> {
  const wanted = records.filter(({ purpose }) => purpose === "mail_in").map(({ value }) => canonicalName(value));
  const answer = await dns.mx(domain);
  if (!answer.known) return [unknown(`The MX records of ${domain}`, answer.why)];
  const found = answer.records.map(({ host }) => host);
  if (found.length === 0) {
    return [wrong(`${domain} has no MX record, so nobody can send mail to it`, `set MX to ${wanted.join(", ")}`)];
  }
  const missing = wanted.filter((host) => !found.includes(host));
  const strange = found.filter((host) => !wanted.includes(host));
  const findings: Finding[] = [];
  if (missing.length > 0) {
    findings.push(
      wrong(`${domain} has no MX record for ${missing.join(", ")}`, "set it, as the list of its records has it"),
    );
  }
  if (strange.length > 0) {
    const hosts = strange.map((host) => host || "nowhere (a null MX)").join(", ");
    findings.push(wrong(`An MX record leads to ${hosts}, where mail would not reach this mesh`, "remove it"));
  }
  if (findings.length === 0) findings.push(right(`MX leads to ${wanted.join(", ")}`));
  return [...findings, ...(await Promise.all(wanted.map((host) => checkName(dns, host)))).flat()];
}

async function checkName(dns: Dns, host: string): Promise<Finding[]> {
  const answer = await dns.addresses(host);
  if (!answer.known) return [unknown(`The address of the mail server ${host}`, answer.why)];
  if (answer.records.length > 0) return [];
  return [wrong(`The mail server ${host} has no address`, `set an A or AAAA record for ${host}`)];
}
