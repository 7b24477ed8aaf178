/**
 * How a message leaves the mesh. A transport is given an envelope and the finished bytes, and says for each recipient
 * what became of it. It decides nothing about what comes next: trying again, giving up and telling the sender belong
 * to the queue consumer.
 */

export interface Transmission {
  /** The empty string is the null reverse-path (RFC 5321 §4.5.5). */
  mail_from: string;
  rcpt_to: string[];
  raw: Uint8Array;
  /**
   * Called just before the end of the message is sent to these recipients, with which the next hop may take it. It writes
   * down that they are handed over; where that fails it throws, and the end must not be sent.
   */
  beforeEndOfData?: (addresses: string[]) => Promise<void>;
}

export type RecipientResult = {
  address: string;
  /**
   * - `sent`: the next hop has taken responsibility for the message (RFC 5321 §4.2.5).
   * - `deferred`: it has not, and may do so later.
   * - `failed`: it has not, and never will take this message for this recipient.
   * - `uncertain`: everything was handed over and no answer came. The next hop may or may not have the message; to send
   *   it again may deliver it twice, not to send it again may lose it (RFC 5321 §4.2.5, RFC 1047).
   */
  result: "sent" | "deferred" | "failed" | "uncertain";
  /** Enhanced status code (RFC 3463), such as 5.1.1. */
  status: string;
  /** The remote server's own words, or what broke: one line of bounded length. */
  reply: string;
  /** Who said so; null where nobody was asked. */
  remote_mta: string | null;
  /** The name that the transport gave the message, where it will speak of it again under that name. */
  transport_id?: string;
};

/** What became of a recipient, where the recipient is known from the context. */
export type Verdict = Omit<RecipientResult, "address">;

export interface Transport {
  /** For logs and reports. Never holds a secret. */
  readonly name: string;
  /** It signs for the sender's domain itself and refuses signatures of ours (RFC 6376). */
  readonly signs: boolean;
  /**
   * Whether reports come back to the reverse-path that it is given, so that one made for this message alone is of use.
   * Cloudflare's binding sends from its own.
   */
  readonly keepsReversePath: boolean;
  /** One result for each recipient, in their order. Never throws for anything that the network or the peer does. */
  send(transmission: Transmission): Promise<RecipientResult[]>;
}

/** Long enough for every real reply (RFC 5321 §4.5.3.1.5: 512 octets a line), short enough for a row and a report. */
const MAX_REPLY_CHARACTERS = 500;

/** Makes foreign words fit to be stored, logged and put into a report: one line, no control characters, bounded. */
export function oneLine(words: string): string {
  const line = words
    .slice(0, MAX_REPLY_CHARACTERS * 4)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return line.length <= MAX_REPLY_CHARACTERS ? line : `${line.slice(0, MAX_REPLY_CHARACTERS - 1)}…`;
}
