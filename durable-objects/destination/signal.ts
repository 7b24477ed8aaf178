/**
 * What the results of one transaction say about the destination itself.
 *
 * That a server wants less mail, it says to the whole: 421 to anything, or the same 4xx to everyone at the greeting, MAIL
 * or DATA. That one recipient is greylisted, over quota or busy is about that recipient: other mail goes as before, and
 * a slower pace would only make the greylisted wait longer. With one recipient the two look alike, so the kind of the
 * status decides: mailboxes and addresses (X.1, X.2), too many recipients (4.5.3) and greylisting (by its words, and
 * 4.7.1, which is what greylisting servers say) never slow a destination down.
 */
import type { Signal } from "./throttle.ts";

export interface Outcome {
  result: "sent" | "delivered" | "deferred" | "failed" | "uncertain";
  status: string;
  reply: string;
}

/** RFC 5321 §3.8, and what Cloudflare's sending says when it has had enough. */
const STOP = /^(?:421\b|E_(?:RATE|DAILY)_LIMIT)/;
const ABOUT_ONE_RECIPIENT = /^4\.(?:1\.|2\.|5\.3$|7\.1$)/;
const GREYLISTING = /gr[ea]y-?list/i;

export function signalOf(outcomes: Outcome[]): Signal {
  if (outcomes.some(({ result, reply }) => isOpen(result) && STOP.test(reply))) return "stop";
  if (outcomes.some(({ result }) => result === "sent" || result === "delivered")) return "well";
  const [first] = outcomes;
  if (first === undefined || !outcomes.every((one) => isOpen(one.result) && one.status === first.status)) return "none";
  const isPersonal = ABOUT_ONE_RECIPIENT.test(first.status) || GREYLISTING.test(first.reply);
  return isPersonal ? "none" : "slower";
}

const isOpen = (result: Outcome["result"]): boolean => result === "deferred" || result === "uncertain";
