/** What DNS is to say of a domain of this mesh, and its keys. The private ones stay where they are. */
import type { z } from "zod";
import type { DkimKey, DkimKeyList, DnsRecords } from "../../contract/dns.ts";
import { notFound } from "../../contract/failure.ts";
import type { PublishedKey } from "../../durable-objects/domain/dkim-keys.ts";
import { dkimRecord, domainRecords, type MailSetup } from "../../mail/dns/domain-records.ts";
import { MTA_STS_MODES, mtaStsPolicy } from "../../mail/dns/mta-sts.ts";
import type { Env } from "../env.ts";

/** Email Routing's, which the dashboard sets (docs/deploy.md). */
const CLOUDFLARE_MX = ["route1.mx.cloudflare.net", "route2.mx.cloudflare.net", "route3.mx.cloudflare.net"];
const CLOUDFLARE_SPF = "_spf.mx.cloudflare.net";

function mailSetup(env: Env): MailSetup {
  const own = namesOf(env.MX_HOSTS);
  const mail_servers = own.length > 0 ? own : env.DEPLOYMENT === "local" ? [env.HOSTNAME] : CLOUDFLARE_MX;
  const isCloudflare = mail_servers === CLOUDFLARE_MX;
  return {
    mail_servers,
    // What Email Routing passes on is sent by its machines.
    spf_includes: [...(isCloudflare ? [CLOUDFLARE_SPF] : []), ...namesOf(env.SPF_INCLUDE)],
    mail_servers_send: !isCloudflare,
    mta_sts_mode: MTA_STS_MODES.find((mode) => mode === env.MTA_STS_MODE?.trim()) ?? "testing",
  };
}

const namesOf = (list = ""): string[] => list.split(/[\s,]+/).filter((name) => name !== "");

export async function dnsRecords(env: Env, domain: string): Promise<DnsRecords> {
  const keys = await env.DOMAIN.getByName(domain).publishedKeys(Date.now());
  return domainRecords(domain, keys, mailSetup(env));
}

export async function rotateKeys(env: Env, domain: string, afterHours: number): Promise<z.infer<typeof DkimKeyList>> {
  const now = Date.now();
  const keys = await env.DOMAIN.getByName(domain).rotateKeys(afterHours, now);
  return { keys: keys.map((key) => toView(key, now)), records: keys.map(dkimRecord(domain)) };
}

function toView({ selector, algorithm, active_from, retired_at }: PublishedKey, now: number): DkimKey {
  const isRetired = retired_at !== null && retired_at <= now;
  return {
    ...{ selector, algorithm, state: isRetired ? "retired" : active_from > now ? "waiting" : "signing" },
    active_from: new Date(active_from).toISOString(),
    retired_at: retired_at === null ? null : new Date(retired_at).toISOString(),
  };
}

const POLICY_HOST = /^mta-sts\.(.+)$/;

/** The policy of the domain that this host's name is of (RFC 8461 §3.3). Throws `not_found`. */
export async function policyOf(env: Env, host: string): Promise<string> {
  const [, domain] = POLICY_HOST.exec(host.toLowerCase()) ?? [];
  const described = domain === undefined ? null : await env.DOMAIN.getByName(domain).describe();
  if (described === null) throw notFound("policy");
  const { mta_sts_mode, mail_servers } = mailSetup(env);
  return mtaStsPolicy(mta_sts_mode, mail_servers);
}
