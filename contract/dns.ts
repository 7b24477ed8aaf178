/** `GET /v1/admin/domains/{name}/dns`, `GET …/dns/check` and `POST /v1/admin/domains/{name}/dkim/rotate`: what DNS is to say of a domain. */
import { z } from "zod";

export const DnsPurpose = z.enum(["mail_in", "spf", "dkim", "dmarc", "mta_sts", "tls_rpt"]);
export type DnsPurpose = z.infer<typeof DnsPurpose>;

/** One record to set. Names are whole names, without the dot at the end. */
export const DnsRecord = z.object({
  purpose: DnsPurpose,
  type: z.enum(["MX", "TXT"]),
  name: z.string(),
  /** Of an MX record. */
  priority: z.number().int().optional(),
  /** The host, or the whole text. */
  value: z.string(),
  /** The text as a zone file takes it: in strings of at most 255 octets (RFC 1035 §3.3). */
  strings: z.array(z.string()).optional(),
  /** What it is for, in a few words. */
  about: z.string(),
});
export type DnsRecord = z.infer<typeof DnsRecord>;

export const DnsRecords = z.object({
  domain: z.string(),
  records: z.array(DnsRecord),
  /** The policy that the mesh serves (RFC 8461 §3.2). */
  mta_sts: z.object({ host: z.string(), url: z.string(), policy: z.string() }),
  /** What to know and to do beside it, a sentence each. */
  advice: z.array(z.string()),
});
export type DnsRecords = z.infer<typeof DnsRecords>;

/** What is to be seen of one thing in DNS, in plain words. */
export const DnsFinding = z.object({
  /** `unknown`: DNS did not say. `advice`: it may stay so. */
  level: z.enum(["right", "advice", "wrong", "unknown"]),
  what: z.string(),
  todo: z.string().optional(),
});
export type DnsFinding = z.infer<typeof DnsFinding>;

export const DnsCheck = z.object({
  domain: z.string(),
  /** Nothing is wrong or unknown. */
  is_healthy: z.boolean(),
  sections: z.array(z.object({ purpose: DnsPurpose, title: z.string(), findings: z.array(DnsFinding) })),
});
export type DnsCheck = z.infer<typeof DnsCheck>;

/** Two days let resolvers forget that the new selectors are not there. */
export const RotateKeys = z.object({ after_hours: z.number().min(0).max(720).default(48) });
export const DkimKey = z.object({
  selector: z.string(),
  algorithm: z.enum(["rsa-sha256", "ed25519-sha256"]),
  state: z.enum(["waiting", "signing", "retired"]),
  active_from: z.iso.datetime(),
  retired_at: z.iso.datetime().nullable(),
});
export type DkimKey = z.infer<typeof DkimKey>;
export const DkimKeyList = z.object({ keys: z.array(DkimKey), records: z.array(DnsRecord) });
