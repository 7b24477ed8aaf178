/** What the fields about the sender claim, and what speaks against it. Whom the reader knows is told by the mailbox. */
import type { Warning } from "../../contract/warnings.ts";
import { addressKey } from "../address/address-key.ts";
import { toUnicodeDomain } from "../address/domain.ts";
import { registeredDomain } from "../address/organizational-domain.ts";
import type { Address } from "../parse/parsed-message.ts";
import { isFreeMail, writesInOthersNames } from "./known-domains.ts";
import { fold, nameKey } from "./look-alike.ts";

export interface SenderClaims {
  from: Address;
  reply_to: Address[];
  /** As authentication has it; null where nobody looked. */
  sender: "verified" | "unverified" | "forged" | null;
  /** It says that it came over a list. */
  isList: boolean;
  /** And somebody stands behind that: list-claim.ts. */
  isVouchedList: boolean;
  /** The domains that the owner has addresses in. */
  own_domains: string[];
}

export const domainOfAddress = (email: string): string => email.slice(email.lastIndexOf("@") + 1).toLowerCase();

/** Longer names are not read. */
const MAX_NAME = 1000;

/** As it is read: wide letters and signs are the usual ones, and what is not seen is not there. */
const asRead = (name: string): string =>
  name
    .slice(0, MAX_NAME)
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "");

/** The address in a display name that is of another domain than the sender's: readers show the name, and hide the address. */
export function addressInName({ name, email }: Address): string | null {
  const found = /[^\s<>()[\]"',;:@]{1,64}@[^\s<>()[\]"',;:@]{1,253}/.exec(asRead(name))?.[0] ?? "";
  if (addressKey(found) === null) return null;
  return registeredDomain(domainOfAddress(found)) === registeredDomain(domainOfAddress(email)) ? null : found;
}

/** A domain of the owner's that the name holds, or seems to, as in `example.org helpdesk`, where the sender is elsewhere. */
export function ownDomainInName({ from, own_domains }: SenderClaims): string | null {
  const words = asRead(from.name)
    .split(/[^\p{L}\p{N}.-]+/u)
    .filter((word) => word.includes("."))
    .map(fold);
  const elsewhere = registeredDomain(domainOfAddress(from.email));
  return (
    own_domains.find((own) => registeredDomain(own) !== elsewhere && words.includes(fold(toUnicodeDomain(own)))) ?? null
  );
}

/** `jane.doe@…` and `jdoe@…` of Jane Doe: an address of her own at another place, as people have them. */
export function bearsTheName({ name, email }: Address): boolean {
  const words = name.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  const local = email.slice(0, email.lastIndexOf("@")).toLowerCase();
  return words.some((word) => word.length > 2 && local.includes(word));
}

/** Honest mail has one or two. */
export const MAX_REPLY_TO = 20;

/** Programs, which pass on what somebody typed, and say by their name that nobody reads there. */
const PROGRAM =
  /^(?:(?:no|do|dont)?[-_.]?(?:not[-_.]?)?reply|mailer-daemon|bounces?|forms?|submissions?|notifications?|notify|wordpress|www-data|invitations?|calendar)\b/i;

/**
 * Where an answer would go, when that is not where the message says it is from, and matters: lists and mailings point
 * elsewhere, and so do services that pass on what others wrote. A firm that wants its answers at a free mail service, and
 * an answer to somebody who is not verified that would go to another, are what fraud is done with.
 */
export function replyToElsewhere(claims: SenderClaims): Warning | null {
  const { from, reply_to, sender, isVouchedList, own_domains } = claims;
  const home = registeredDomain(domainOfAddress(from.email));
  const isOwn = (domain: string) => own_domains.some((own) => registeredDomain(own) === registeredDomain(domain));
  const isForged = sender === "forged";
  if (isVouchedList) return null;
  // A form on the owner's own site writes from there, and names who filled it in. So do services and programs.
  const passesOn = isOwn(home) || writesInOthersNames(home) || PROGRAM.test(from.email);
  if (passesOn && !isForged) return null;
  // What goes back to the reader's own house harms nobody. All of them get the answer, so one is enough.
  const other = reply_to.slice(0, MAX_REPLY_TO).find(({ email }) => {
    const target = domainOfAddress(email);
    if (!email.includes("@") || registeredDomain(target) === home || isOwn(target)) return false;
    return isForged || (isFreeMail(target) && !isFreeMail(home));
  });
  if (other === undefined) return null;
  return {
    reason: "reply_to_elsewhere",
    subject: other.email,
    words: `It says that it is from ${from.email}, and an answer would go to ${other.email}.`,
  };
}

/** The name is one that the owner knows: `known` are the addresses that go by it. */
export function imitatesContact({ from, sender, isList }: SenderClaims, known: string[]): Warning | null {
  const home = registeredDomain(domainOfAddress(from.email));
  const [first] = known;
  if (first === undefined || nameKey(from.name) === "") return null;
  // The same firm gave both addresses out, and stands behind them.
  const isColleague = known.some((address) => registeredDomain(domainOfAddress(address)) === home) && !isFreeMail(home);
  if (isColleague && sender !== "forged") return null;
  if (writesInOthersNames(home) && sender === "verified") return null;
  // On lists people write from whatever address they joined with.
  if (isList && sender !== "forged" && bearsTheName(from)) return null;
  return {
    reason: "imitates_contact",
    subject: from.email,
    words: `You know ${from.name.trim()} as ${first}. This is from ${from.email}.`,
  };
}
