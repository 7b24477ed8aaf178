/** What is known of a message's sender, as tests of its spam score. */
import type { Authentication } from "../../contract/authentication.ts";
import type { Warning, WarningReason } from "../../contract/warnings.ts";
import { type SpamTest, spamTest } from "./spam-test.ts";

/** More than all that may speak for a message: its domain asks that what is not from there be put aside (RFC 9989). */
const FORGED = 100;

export function authenticationTests(authentication: Authentication | null): SpamTest[] {
  if (authentication === null) return [];
  const { sender, spf } = authentication;
  if (sender === "verified") return [spamTest("sender_verified", -0.5, "Its sender's domain stands behind it.")];
  if (sender === "forged")
    return [spamTest("sender_forged", FORGED, "Its sender's domain says that it is not from there.")];
  if (spf.result === "fail" || spf.result === "softfail") {
    return [
      spamTest("spf_fails", 1, `It came from a server that is not known to send for ${spf.domain ?? "its sender"}.`),
    ];
  }
  return [];
}

/** More than the classifier and all other tests can say together, and less than the owner's own word. */
const KNOWN = -100;

/**
 * Mail from people the owner has written to is no junk unless authentication fails: it fails DMARC, whatever their domain
 * asks for then, or nothing but their server's address could vouch for it and it is another's. Where nobody can tell (no
 * record in the DNS, a network that does not answer) it has not failed.
 */
export function correspondentTest(address: string, authentication: Authentication | null): SpamTest | null {
  if (hasFailed(authentication)) return null;
  return spamTest("correspondent", KNOWN, `You have written to ${address}.`);
}

function hasFailed(authentication: Authentication | null): boolean {
  if (authentication === null || authentication.sender === "verified") return false;
  if (authentication.sender === "forged") return true;
  // Its domain only watches (`p=none`), and anybody can put a name into From over a server of his own.
  if (authentication.dmarc.result === "fail" && authentication.override === null) return true;
  return authentication.spf.result === "fail" && !authentication.dkim.some(({ result }) => result === "pass");
}

const MAX_REPUTATION = 2.5;

/** How often the owner called mail of this domain spam, and how often not. */
export function reputationTest(domain: string, { ham, spam }: { ham: number; spam: number }): SpamTest | null {
  if (ham + spam === 0) return null;
  const weight = Math.log((spam + 0.5) / (ham + 0.5));
  const words = `You called ${spam} messages from ${domain} junk, and ${ham} not.`;
  return spamTest("domain_reputation", Math.max(-MAX_REPUTATION, Math.min(MAX_REPUTATION, weight)), words);
}

/** A warning is about fraud, which is rarer than spam and need not look like it. `sender_forged` is a test of its own. */
const WARNED: Partial<Record<WarningReason, number>> = {
  imitates_contact: 2,
  imitates_own_domain: 2,
  look_alike_domain: 1.5,
  misleading_link: 1,
  dangerous_attachment: 1,
};

/** Each reason once: a page of misleading links is one trick. */
export function warningTests(warnings: readonly Warning[]): SpamTest[] {
  const first = new Map(warnings.map((warning) => [warning.reason, warning] as const).reverse());
  return [...first].flatMap(([reason, { words }]) => {
    const weight = WARNED[reason];
    return weight === undefined ? [] : [spamTest(reason, weight, words)];
  });
}
