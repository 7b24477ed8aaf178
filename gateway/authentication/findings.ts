/** What mailauth found, as findings of RFC 8601: results, domains and selectors, and none of its prose. */
import type { authenticate, DKIMResult, DMARCResult } from "mailauth";
import type { Finding } from "../../mail/authentication/print-results.ts";

type Found = Awaited<ReturnType<typeof authenticate>>;

/** In the order in which Cloudflare writes them too: what the sender chose comes last. */
export function findingsOf({ dkim, spf, arc }: Found, dmarc: DMARCResult | null, isNullSender: boolean): Finding[] {
  return [
    ...dkim.results.map(ofSignature),
    dmarc === null ? { method: "dmarc", result: "none" } : ofPolicy(dmarc),
    // RFC 7208 §2.4: without a sender it is the name in HELO that was checked.
    ...(spf === false
      ? []
      : [{ method: "spf", result: spf.status.result, properties: { [isNullSender ? HELO : MAIL_FROM]: spf.domain } }]),
    ...(arc === false ? [] : [{ method: "arc", result: arc.status.result }]),
  ];
}

const MAIL_FROM = "smtp.mailfrom";
const HELO = "smtp.helo";

/** When nobody could be asked. */
export const noAnswers = (): Finding[] => ["dkim", "dmarc", "spf"].map((method) => ({ method, result: "temperror" }));

const ofSignature = ({ status, signingDomain, selector }: DKIMResult): Finding => ({
  method: "dkim",
  result: status.result,
  reason: status.result === "pass" || status.result === "none" ? null : (status.comment ?? null),
  properties: {
    "header.d": signingDomain ?? null,
    "header.s": selector ?? null,
    // RFC 8601 §2.4: what the verifier's own rules say of it.
    "policy.dkim-rules": (status.underSized ?? 0) > 0 ? "undersized" : null,
  },
});

const ofPolicy = ({ status, policy }: DMARCResult): Finding => ({
  method: "dmarc",
  result: status.result,
  properties: { "header.from": String(status.header?.from ?? ""), "policy.dmarc": policy ?? null },
});
