/**
 * Every record that a domain needs, and the MTA-STS policy that fits them: one description, which the admin API gives
 * out, the Worker serves, and the doctor compares with what DNS says.
 */
import type { DnsRecord, DnsRecords } from "../../contract/dns.ts";
import { keyRecord } from "../dkim/keys.ts";
import type { DkimAlgorithm } from "../dkim/sign-message.ts";
import { type MtaStsMode, mtaStsId, mtaStsPolicy } from "./mta-sts.ts";

/** How this deployment takes and sends mail. */
export interface MailSetup {
  /** Where mail for the domain goes, the first choice first. */
  mail_servers: string[];
  /** Domains whose SPF record names the machines that send for us. */
  spf_includes: string[];
  /** Whether the mail servers send as well. */
  mail_servers_send: boolean;
  mta_sts_mode: MtaStsMode;
}

export interface RecordKey {
  selector: string;
  algorithm: DkimAlgorithm;
  public_key: string;
}

export async function domainRecords(domain: string, keys: RecordKey[], setup: MailSetup): Promise<DnsRecords> {
  const policy = mtaStsPolicy(setup.mta_sts_mode, setup.mail_servers);
  const postmaster = `mailto:postmaster@${domain}`;
  const host = `mta-sts.${domain}`;
  return {
    domain,
    records: [
      ...setup.mail_servers.map((server, n) => mx(domain, server, (n + 1) * 10)),
      text("spf", domain, spfRecord(setup), "who may send mail for the domain: one record, with all that send"),
      ...keys.map(dkimRecord(domain)),
      text("dmarc", `_dmarc.${domain}`, `v=DMARC1; p=none; rua=${postmaster}`, "what receivers do with forgeries"),
      text("mta_sts", `_mta-sts.${domain}`, `v=STSv1; id=${await mtaStsId(policy)}`, "mail comes over TLS alone"),
      text("tls_rpt", `_smtp._tls.${domain}`, `v=TLSRPTv1; rua=${postmaster}`, "reports of mail that found no TLS"),
    ],
    mta_sts: { host, url: `https://${host}/.well-known/mta-sts.txt`, policy },
    advice: advice(host, setup),
  };
}

const mx = (name: string, value: string, priority: number): DnsRecord => {
  return { purpose: "mail_in", type: "MX", name, priority, value, about: "where mail for the domain goes" };
};

export const dkimRecord =
  (domain: string) =>
  (key: RecordKey): DnsRecord =>
    text("dkim", `${key.selector}._domainkey.${domain}`, keyRecord(key), "the key that signatures are checked with");

const text = (purpose: DnsRecord["purpose"], name: string, value: string, about: string): DnsRecord => {
  return { purpose, type: "TXT", name, value, strings: characterStrings(value), about };
};

/** RFC 1035 §3.3: a string has 255 octets at most; RFC 6376 §3.6.2.2: a verifier joins them with nothing in between. */
function characterStrings(value: string): string[] {
  return value.match(/.{1,255}/g) ?? [""];
}

function spfRecord({ spf_includes, mail_servers_send }: MailSetup): string {
  const includes = spf_includes.map((include) => `include:${include}`);
  return ["v=spf1", ...(mail_servers_send ? ["mx"] : []), ...includes, "~all"].join(" ");
}

const advice = (host: string, { mta_sts_mode }: MailSetup): string[] => [
  "DMARC begins with p=none. When two weeks of reports show nothing of yours failing, go to p=quarantine, then to p=reject.",
  `The mesh serves the MTA-STS policy, once ${host} leads to it (a custom domain of the Worker).`,
  ...(mta_sts_mode === "testing"
    ? ["MTA-STS is in mode testing. When TLS reports stay clean, set MTA_STS_MODE to enforce; the id changes with it."]
    : []),
];
