/** Everything that DNS says of a domain, beside what it should say. */
import type { DnsCheck, DnsPurpose, DnsRecords } from "../../contract/dns.ts";
import { checkDkim } from "./check-dkim.ts";
import { checkDmarc } from "./check-dmarc.ts";
import { checkMailServers } from "./check-mail-servers.ts";
import { checkSpf } from "./check-spf.ts";
import { checkMtaSts, checkTlsReports, type FetchPolicy } from "./check-tls.ts";
import type { Dns } from "./dns-over-https.ts";
import type { Finding } from "./finding.ts";

export async function examine(wanted: DnsRecords, dns: Dns, fetchPolicy: FetchPolicy): Promise<DnsCheck["sections"]> {
  const sections: [purpose: DnsPurpose, title: string, findings: Promise<Finding[]>][] = [
    ["mail_in", "Mail in", checkMailServers(dns, wanted)],
    ["spf", "Who may send (SPF)", checkSpf(dns, wanted)],
    ["dkim", "Signatures (DKIM)", checkDkim(dns, wanted)],
    ["dmarc", "Forgeries (DMARC)", checkDmarc(dns, wanted)],
    ["mta_sts", "TLS for mail in (MTA-STS)", checkMtaSts(dns, wanted, fetchPolicy)],
    ["tls_rpt", "Reports about TLS (TLS-RPT)", checkTlsReports(dns, wanted)],
  ];
  const found = await Promise.all(sections.map(([, , findings]) => findings));
  return sections.map(([purpose, title], n) => ({ purpose, title, findings: found[n] ?? [] }));
}

export const isHealthy = (sections: DnsCheck["sections"]): boolean =>
  sections.every(({ findings }) => findings.every(({ level }) => level === "right" || level === "advice"));
