/** Whether a host is made to be taken for a domain that its reader knows. */
import { getPublicSuffix } from "tldts";
import { registeredDomain } from "../address/organizational-domain.ts";
import { domainKey } from "./look-alike.ts";

/** Of shorter names every other one is a letter away. */
const MIN_LETTERS = 6;
/** What fraud adds to a name, and firms do so seldom. */
const BAIT =
  /^(?:accounts?|alerts?|billing|customer|help(?:desk)?|invoices?|login|mail|online|pay|payments?|portal|secured?|security|services?|signin|support|team|update|verify|verification)$/;

/** A host as its reader sees it, made once for many comparisons. */
export interface Look {
  host: string;
  /** What somebody registered of it, and the key of that, in two. */
  name: string;
  key: Key;
}

interface Key {
  label: string;
  rest: string;
}

export function lookOf(host: string): Look {
  const name = registeredDomain(host);
  return { host: host.toLowerCase(), name, key: split(domainKey(name)) };
}

export const resembles = (one: Look, known: Look): boolean =>
  one.name !== known.name && (isInFront(one, known.name) || isAlike(one.key, known.key));

/** `known.com.example.net`, `known.com-login.example.net`: where a narrow screen ends, it is the known one. */
function isInFront({ host, name }: Look, target: string): boolean {
  const at = `.${host}`.indexOf(`.${target}`);
  const end = at + target.length;
  // `known.com-login.net`: the registered name begins in the middle of it. `known.com.br` is the known one's neighbour.
  return at >= 0 && (host.charAt(end) === "-" || end < host.length - name.length);
}

/** Two keys: equal, or apart by a letter that was changed, added, left out, or exchanged with the next. */
export const isOneLetterAway = (key: string, known: string): boolean => isAlike(split(key), split(known));

function isAlike(one: Key, known: Key): boolean {
  if (one.rest !== known.rest) return false;
  if (one.label === known.label) return true;
  if (known.label.length < MIN_LETTERS || one.label.length < MIN_LETTERS - 1) return false;
  return isOneEdit(one.label, known.label);
}

/** The names that a domain would have without its bait: `known.com` of `known-billing.com` and of `secure-known.com`. */
export function withoutBait(domain: string): string[] {
  const at = domain.indexOf(".");
  const [label, rest] = [domain.slice(0, at), domain.slice(at)];
  const words = label.split("-");
  const bare = words.filter((word) => !BAIT.test(word));
  if (bare.length === words.length || bare.length === 0) return [];
  return [`${bare.join("-")}${rest}`];
}

/** `known` with bait before or behind it and nothing between them: `knownlogin`. */
export const isBaited = (label: string, known: string): boolean =>
  (label.startsWith(known) && BAIT.test(label.slice(known.length))) ||
  (label.endsWith(known) && BAIT.test(label.slice(0, -known.length)));

/** The endings that are mistyped, and so registered, for `.com`. */
const COM = new Set(["co", "cm", "om", "corn", "con", "comm"]);

function split(key: string): Key {
  const suffix = getPublicSuffix(key, { extractHostname: false, validateHostname: false }) ?? "";
  const label = key.slice(0, Math.max(0, key.length - suffix.length - 1));
  return { label, rest: COM.has(suffix) ? "com" : suffix };
}

function isOneEdit(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  const [restShort, restLong] = [short.slice(at), long.slice(at)];
  if (long.length > short.length) return restShort === restLong.slice(1);
  if (restShort.slice(1) === restLong.slice(1)) return true;
  return restShort[0] === restLong[1] && restShort[1] === restLong[0] && restShort.slice(2) === restLong.slice(2);
}
