/**
 * A message with several From fields, or with authors of several domains, is none that DMARC can judge (RFC 9989
 * §5.3.1), and mailauth says nothing of it. But its readers show one of the authors, so it must not be the way around a
 * policy: each domain is asked, and what the strictest says of a failure counts. A pass does not: the message is from
 * others as well.
 */
import { type authenticate, type DMARCResult, type DNSResolver, dmarc } from "mailauth";

type Found = Awaited<ReturnType<typeof authenticate>>;

const MAX_DOMAINS = 5;
const STRENGTH = ["none", "quarantine", "reject"];

export async function dmarcOfAuthors(found: Found, resolver: DNSResolver): Promise<DMARCResult | null> {
  if (found.dmarc !== false) return found.dmarc;
  const domains = new Set(found.dkim.headerFrom.map((address) => address.slice(address.lastIndexOf("@") + 1)));
  const failures: DMARCResult[] = [];
  for (const domain of [...domains].slice(0, MAX_DOMAINS)) {
    const result = await dmarc({ headerFrom: [domain], ...passesOf(found), resolver });
    if (result && result.status.result === "fail") failures.push(result);
  }
  failures.sort((a, b) => STRENGTH.indexOf(b.policy) - STRENGTH.indexOf(a.policy));
  return failures[0] ?? null;
}

function passesOf({ spf, dkim }: Found) {
  const signatures = dkim.results.filter(({ status }) => status.result === "pass");
  return {
    spfDomains: spf !== false && spf.status.result === "pass" ? [spf.domain] : [],
    dkimDomains: signatures.map(({ signingDomain = "" }) => ({ domain: signingDomain })),
  };
}
