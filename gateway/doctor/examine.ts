/** Everything that DNS says of a domain, beside what it should say. */
import type { DnsRecords } from "../../contract/dns.ts";
import { checkDkim } from "./check-dkim.ts";
import { checkDmarc } from "./check-dmarc.ts";
import { checkMailServers } from "./check-mail-servers.ts";
import { checkSpf } from "./check-spf.ts";
import { checkMtaSts, checkTlsReports, type FetchPolicy } from "./check-tls.ts";
import type { Dns } from "./dns-over-https.ts";
import type { Finding } from "./finding.ts";

export interface Section {
  title: string;
  findings: Finding[];
}

export async function examine(wanted: DnsRecords, dns: Dns, fetchPolicy: FetchPolicy): Promise<Section[]> {
  const sections: [title: string, findings: Promise<Finding[]>][] = [
    ["Mail in", checkMailServers(dns, wanted)],
    ["Who may send (SPF)", checkSpf(dns, wanted)],
    ["Signatures (DKIM)", checkDkim(dns, wanted)],
    ["Forgeries (DMARC)", checkDmarc(dns, wanted)],
    ["TLS for mail in (MTA-STS)", checkMtaSts(dns, wanted, fetchPolicy)],
    ["Reports about TLS (TLS-RPT)", checkTlsReports(dns, wanted)],
  ];
  const found = await Promise.all(sections.map(([, findings]) => findings));
  return sections.map(([title], n) => ({ title, findings: found[n] ?? [] }));
}

export const isHealthy = (sections: Section[]): boolean =>
  sections.every(({ findings }) => findings.every(({ level }) => level === "right" || level === "advice"));

const POLICY_TIMEOUT_MS = 10_000;
/** RFC 8461 §3.2 has a handful of lines in mind. */
const MAX_POLICY_CHARACTERS = 64_000;

/** RFC 8461 §3.3: over HTTPS with a valid certificate, and a redirect is none. */
export const fetchPolicy: FetchPolicy = async (url) => {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(POLICY_TIMEOUT_MS) });
    if (response.status !== 200) return { why: `it answers ${response.status}` };
    return { text: (await response.text()).slice(0, MAX_POLICY_CHARACTERS) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { why: cause instanceof Error ? cause.message : String(cause) };
  }
};
