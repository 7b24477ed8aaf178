/** What the world's DNS says of a domain, as `npm run doctor` says it too. */
import type { DnsCheck } from "../../contract/dns.ts";
import { Failure } from "../../contract/failure.ts";
import type { FetchPolicy } from "../../mail/doctor/check-tls.ts";
import { DEFAULT_DOH_URL, DohUnreachable, dnsOverHttps } from "../../mail/doctor/dns-over-https.ts";
import { examine, isHealthy } from "../../mail/doctor/examine.ts";
import type { Env } from "../env.ts";
import { publicFetch } from "../outside/public-fetch.ts";
import { dnsRecords } from "./domain-dns.ts";

/** RFC 8461 §3.2 has a handful of lines in mind. */
const MAX_POLICY_CHARACTERS = 64_000;

/** Throws `unavailable` when nobody can be asked. */
export async function checkDns(env: Env, domain: string): Promise<DnsCheck> {
  const wanted = await dnsRecords(env, domain);
  // The resolver is the operator's choice, wherever it is; where a policy is, the domain says.
  const dns = dnsOverHttps((url, init) => fetch(url, init), env.DOH_URL?.trim() || DEFAULT_DOH_URL);
  try {
    const sections = await examine(wanted, dns, fetchPolicy(env));
    return { domain: wanted.domain, is_healthy: isHealthy(sections), sections };
  } catch (error) {
    if (error instanceof DohUnreachable) throw new Failure("unavailable", error.message);
    throw error;
  }
}

const fetchPolicy =
  (env: Env): FetchPolicy =>
  async (url) => {
    const answer = await publicFetch(env, url);
    if (!answer.ok) {
      return { why: answer.error.reason === "unreachable" ? answer.error.error : "its address is not a public one" };
    }
    if (answer.value.status !== 200) return { why: `it answers ${answer.value.status}` };
    return { text: (await answer.value.text()).slice(0, MAX_POLICY_CHARACTERS) };
  };
