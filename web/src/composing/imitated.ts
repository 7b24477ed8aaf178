/** Whether an address looks like a better known one: mistyped, or made to be mistaken. */
import { isFreeMail, isHonest, OFTEN_IMITATED } from "../../../mail/phishing/known-domains.ts";
import { lookOf, resembles } from "../../../mail/phishing/resembles.ts";

/** The domain that it looks like; `known`: addresses that it may be compared with. */
export function imitated(email: string, known: readonly string[]): string | null {
  const domain = domainOf(email);
  const domains = new Set([...known.map(domainOf), ...OFTEN_IMITATED]);
  if (domain === "" || domains.has(domain) || isHonest(domain) || isFreeMail(domain)) return null;
  const look = lookOf(domain);
  return [...domains].find((other) => other !== "" && resembles(look, lookOf(other))) ?? null;
}

const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1).toLowerCase();
