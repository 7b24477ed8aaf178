/** Enhanced status codes (RFC 3463) in what servers say, and what they mean for the next message to that address. */

/** Not a piece of an IP address or of a version. */
const ENHANCED = /(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])/;

const UNKNOWN_USER =
  /\b(?:user unknown|unknown (?:user|recipient|address|mailbox)|no such (?:user|recipient|mailbox|person|address)|(?:user|mailbox|recipient|account|address)\b.{0,60}?\b(?:does not exist|doesn't exist|not found|unknown|not known|is invalid)|not listed in|name is not recogni[sz]ed|no mailbox here by that name|no account by that name|invalid (?:recipient|mailbox)|not a known user|unbekannter? (?:benutzer|empf[aä]nger)|utilisateur inconnu)\b/i;
const DISABLED = /\b(?:mailbox|account|user)\b.{0,40}?\b(?:disabled|inactive|deactivated|suspended|discontinued)\b/i;

/**
 * The most telling code: the one given, unless it says no more than "failed" (X.0.0) and the words know better. Null
 * where neither says anything.
 */
export function statusOf(given: string | null, words: string): string | null {
  const own = given === null ? null : codeIn(given);
  if (own !== null && !own.endsWith(".0.0")) return own;
  const said = codeIn(words);
  if (said !== null && !said.endsWith(".0.0") && (own === null || own[0] === said[0])) return said;
  if (own?.startsWith("4") || said?.startsWith("4")) return own ?? said;
  // RFC 3463 §3.2, X.1.1, and §3.3, X.2.1: what a server without enhanced codes says in words.
  if (UNKNOWN_USER.test(words)) return "5.1.1";
  if (DISABLED.test(words)) return "5.2.1";
  return own ?? said;
}

export function codeIn(text: string): string | null {
  const found = ENHANCED.exec(text);
  return found === null ? null : `${Number(found[1])}.${Number(found[2])}.${Number(found[3])}`;
}

/**
 * Permanent failures that are about the address: it will fail again, and who goes on writing to such addresses is taken
 * for somebody who bought them. All others are about this message (5.2.3, 5.3.4, 5.6.x), its sender (5.1.7, 5.1.8,
 * 5.7.x), a mailbox that may have room again (5.2.2), a route or a server (5.3.x, 5.4.x, 5.5.x), or say nothing (X.0).
 * Of those two are misused: 5.4.1 by Exchange Online for unknown recipients and 5.7.1 for everything; to suppress by
 * them would take friends off the list for the sake of a spam filter. 5.4.4, a name that does not resolve, never gets
 * as far as a server that could mind.
 */
const ABOUT_THE_ADDRESS = new Set([
  "5.1.1", // RFC 3463 §3.2: no such mailbox
  "5.1.2", // RFC 3463 §3.2: no such domain
  "5.1.3", // RFC 3463 §3.2: no address at all
  "5.1.6", // RFC 3463 §3.2: moved, nobody knows where to
  "5.1.10", // RFC 7505 §4.2: the domain takes no mail
  "5.2.1", // RFC 3463 §3.3: disabled
  "5.7.17", // RFC 7293 §10: the mailbox has another owner now
  "5.7.18", // RFC 7293 §10: so has the domain
]);

export const isAboutTheAddress = (status: string): boolean => ABOUT_THE_ADDRESS.has(status);
