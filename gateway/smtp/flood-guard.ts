/**
 * What keeps a flood out before it costs the mesh anything: how many connections a source has, how many messages it
 * sends, how many come from a sender's domain and for a recipient. Everything is answered with 4xx, so mail that meant
 * well comes again. Counters are in memory and bounded; see mail/pace.ts.
 */
import type { SmtpReply } from "../../contract/ingest.ts";
import type { ReceiveLimits } from "../../contract/receive-limits.ts";
import { domainOf, splitTag } from "../../mail/address/address.ts";
import { addressKey } from "../../mail/address/address-key.ts";
import { networkOf, sourceOf } from "../../mail/address/source.ts";
import { Pace } from "../../mail/pace.ts";
import { ReplyError } from "./replies.ts";
import { LaneFull, Turnstile } from "./turnstile.ts";

/** RFC 5321 §3.8 lets a server end a connection with 421 at any time; RFC 3463 §3.8 (X.7.0). */
const TOO_MANY_CONNECTIONS: SmtpReply = { code: 421, status: "4.7.0", text: "Too many connections from you" };
/** As the mesh itself says it: see workers/inbound/refusals.ts. */
const SENDER_TOO_FAST: SmtpReply = {
  code: 450,
  status: "4.7.0",
  text: "Too much mail from you at once: try again later",
};
/** RFC 3463 §3.3 (X.2.1) */
const MAILBOX_TOO_FAST: SmtpReply = {
  code: 450,
  status: "4.2.1",
  text: "This mailbox gets too much mail at once: try again later",
};

/**
 * Of a domain that is over its rate, each network of senders may still send so much. Anybody can write a domain into the
 * envelope, and must not be able to keep out those who have it.
 */
const NETWORK_PART = 0.1;

/**
 * Requests to the mesh for one recipient: at once, and waiting for their turn. One is all that a Mailbox does at a time,
 * and what others on the same machine feel of a flood grows with each more.
 */
const AT_ONCE = 1;
const MAX_WAITING = 50;

/** What one transaction has named as recipients. */
interface Named {
  mailboxes: Set<string>;
  /** It named one again, or one that nobody has. */
  isProbing: boolean;
}

export class FloodGuard {
  readonly #maxConnections: number;
  readonly #sources: Pace;
  readonly #domains: Pace;
  readonly #networks: Pace;
  readonly #mailboxes: Pace;
  /** By transaction: its envelope goes with it. */
  readonly #named = new WeakMap<object, Named>();
  readonly #turnstile = new Turnstile(AT_ONCE, MAX_WAITING);

  constructor(limits: ReceiveLimits) {
    const [domain_per_minute, domain_burst] = [limits.domain_per_minute, limits.domain_burst];
    const network = { per_minute: domain_per_minute * NETWORK_PART, burst: Math.max(1, domain_burst * NETWORK_PART) };
    this.#maxConnections = limits.connections_per_source;
    this.#sources = new Pace({ per_minute: limits.source_per_minute, burst: limits.source_burst });
    this.#domains = new Pace({ per_minute: domain_per_minute, burst: domain_burst });
    this.#networks = new Pace(network);
    this.#mailboxes = new Pace({ per_minute: limits.mailbox_per_minute, burst: limits.mailbox_burst });
  }

  /** `open`: the addresses of all connections that are there, this one among them. */
  refuseConnection(address: string, open: Iterable<string>): SmtpReply | null {
    const source = sourceOf(address);
    let count = 0;
    for (const other of open) if (sourceOf(other) === source) count++;
    return count > this.#maxConnections ? TOO_MANY_CONNECTIONS : null;
  }

  /** At MAIL: one message more of this source and this domain, which are counted. */
  refuseSender(address: string, mailFrom: string, now: number): SmtpReply | null {
    const [source, domain] = [sourceOf(address), domainOf(mailFrom) ?? ""];
    const network = `${domain} ${networkOf(address)}`;
    if (!this.#sources.fits(source, now)) return SENDER_TOO_FAST;
    if (!this.#domains.fits(domain, now) && !this.#networks.fits(network, now)) return SENDER_TOO_FAST;
    this.#sources.count(source, now);
    this.#domains.count(domain, now);
    this.#networks.count(network, now);
    return null;
  }

  /**
   * At RCPT. A message counts for its recipient when it is there: who only names somebody, again and again, must not be
   * able to keep the mail of others from him. Such names count for their source, and when it is over its rate none is
   * asked about any more.
   */
  refuseRecipient(address: string, rcptTo: string, envelope: object, now: number): SmtpReply | null {
    const [source, mailbox] = [sourceOf(address), mailboxKeyOf(rcptTo)];
    const named = this.#namedIn(envelope);
    if (named.isProbing && !this.#sources.fits(source, now)) return SENDER_TOO_FAST;
    if (named.mailboxes.has(mailbox)) {
      named.isProbing = true;
      this.#sources.count(source, now);
    }
    named.mailboxes.add(mailbox);
    return this.#mailboxes.fits(mailbox, now) ? null : MAILBOX_TOO_FAST;
  }

  /** Who tries out names pays for each as for a message. */
  countUnknown(address: string, envelope: object, now: number): void {
    this.#namedIn(envelope).isProbing = true;
    this.#sources.count(sourceOf(address), now);
  }

  /** A message is there for these recipients. */
  countMessage(rcptTo: readonly string[], now: number): void {
    for (const mailbox of new Set(rcptTo.map(mailboxKeyOf))) this.#mailboxes.count(mailbox, now);
  }

  #namedIn(envelope: object): Named {
    const named = this.#named.get(envelope) ?? { mailboxes: new Set(), isProbing: false };
    this.#named.set(envelope, named);
    return named;
  }

  /** A request to the mesh, when it is its turn. A message for several stands in the lane of its source. */
  async inTurn<T>(address: string, rcptTo: string[], work: () => Promise<T>): Promise<T> {
    const [only, ...others] = rcptTo.map(mailboxKeyOf);
    try {
      return await this.#turnstile.pass(only !== undefined && others.length === 0 ? only : sourceOf(address), work);
    } catch (error) {
      throw error instanceof LaneFull ? new ReplyError(MAILBOX_TOO_FAST) : error;
    }
  }
}

/** Its tags are the same mailbox. */
function mailboxKeyOf(rcptTo: string): string {
  const key = addressKey(rcptTo) ?? rcptTo.toLowerCase();
  const at = key.lastIndexOf("@");
  return at === -1 ? key : `${splitTag(key.slice(0, at))[0]}${key.slice(at)}`;
}
