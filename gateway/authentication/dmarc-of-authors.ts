/**
 * A message with several From fields, or with authors of several domains, is none that DMARC can judge (RFC 9989
 * §5.3.1), and mailauth says nothing of it. But its readers show one of the authors, so it must not be the way around a
 * policy: each domain is asked, and what the strictest says of a failure counts. A pass does not: the message is from
 * others as well. So it is where mailauth reads a damaged From in another way than the mesh will show it.
 */
import { type authenticate, type DMARCResult, type DNSResolver, dmarc } from "mailauth";

type Found = Awaited<ReturnType<typeof authenticate>>;

const MAX_DOMAINS = 5;
const STRENGTH = ["none", "quarantine", "reject"];

/** `claimed`: the domains in From as the mesh reads them. */
export async function dmarcOfAuthors(
  found: Found,
  claimed: readonly string[],
  resolver: DNSResolver,
): Promise<DMARCResult | null> {
  if (found.dmarc !== false && claimed.every((domain) => domain === authorIn(found.dmarc))) return found.dmarc;
  const theirs = found.dkim.headerFrom.map((address) => address.slice(address.lastIndexOf("@") + 1));
  const domains = new Set([...claimed, ...theirs.map((domain) => domain.toLowerCase())]);
  const failures: DMARCResult[] = [];
  for (const domain of [...domains].slice(0, MAX_DOMAINS)) {
    const result = await dmarc({ headerFrom: [domain], ...passesOf(found), resolver });
    if (result && result.status.result === "fail") failures.push(result);
  }
  failures.sort((a, b) => STRENGTH.indexOf(b.policy) - STRENGTH.indexOf(a.policy));
  return failures[0] ?? null;
}

/** Without the dot of the root, which is the same name. */
const authorIn = (result: DMARCResult | false): string =>
  result === false ? "" : String(result.status.header?.from ?? "").replace(/\.$/, "");

function passesOf({ spf, dkim }: Found) {
  const signatures = dkim.results.filter(({ status }) => status.result === "pass");
  return {
    spfDomains: spf !== false && spf.status.result === "pass" ? [spf.domain] : [],
    dkimDomains: signatures.map(({ signingDomain = "" }) => ({ domain: signingDomain })),
  };
}
