/**
 * The transport over SMTP to a smarthost: one transaction a hundred recipients, on a session of the batch's pool.
 *
 * A session that carried a message before may have been closed since, or be closed by its server at the next command
 * (421: so many messages a connection, or too long idle). That says nothing of the message at hand, so it is tried once
 * more on a new connection; but never once its last dot was sent, which would make two of it.
 *
 * Refused here, before a byte is sent: addresses that cannot be written into a command (5.1.3, the sender's 5.1.7), a
 * message over the server's SIZE (5.3.4), 8-bit bytes for a server without 8BITMIME (5.6.3: to re-encode would break
 * signatures, and the mesh composes 7-bit mail unless told otherwise), addresses beyond ASCII for a server without
 * SMTPUTF8 (5.6.7).
 */
import { MAX_ENVELOPE_RECIPIENTS } from "../../../contract/limits.ts";
import { surveyMessage } from "./dot-stuffing.ts";
import { isInternationalised, isSafePath } from "./envelope-path.ts";
import type { Relay } from "./relay-url.ts";
import type { Capabilities } from "./smtp-capabilities.ts";
import { SmtpInterruption } from "./smtp-interruption.ts";
import type { PooledSession, SmtpPool } from "./smtp-pool.ts";
import { runTransaction, type WireMessage } from "./smtp-transaction.ts";
import type { RecipientResult, Transmission, Transport, Verdict } from "./transport.ts";

export function smtpTransport(relay: Relay, pool: SmtpPool): Transport {
  return {
    name: `${relay.implicitTls ? "smtps" : "smtp"}://${relay.host}:${relay.port}`,
    signs: false,
    keepsReversePath: true,
    async send(transmission) {
      const sending = new Sending(transmission, relay.host);
      sending.refuseUnsafePaths();
      if (sending.open.length > 0) await converse(sending, relay, pool);
      return sending.results();
    },
  };
}

async function converse(sending: Sending, relay: Relay, pool: SmtpPool, isNew = false): Promise<void> {
  let taken: PooledSession;
  try {
    taken = await pool.take(relay, { isNew });
  } catch (error) {
    return sending.deferRest(error);
  }
  const { session } = taken;
  try {
    sending.refuseUnsuitable(session.capabilities);
    await sending.transact(taken);
  } catch (error) {
    await pool.discard(session, error);
    return taken.isReused && error instanceof SmtpInterruption && sending.open.length > 0
      ? converse(sending, relay, pool, true)
      : sending.deferRest(error);
  }
  pool.giveBack(relay, session);
}

/** One transmission and what is known of each of its recipients so far. */
class Sending {
  readonly #transmission: Transmission;
  readonly #host: string;
  readonly #message: WireMessage;
  /** By position: the same address may be there twice. */
  readonly #verdicts: (Verdict | null)[];

  constructor(transmission: Transmission, host: string) {
    this.#transmission = transmission;
    this.#host = host;
    this.#message = { raw: transmission.raw, ...surveyMessage(transmission.raw) };
    this.#verdicts = transmission.rcpt_to.map(() => null);
  }

  /** Positions of the recipients whose fate is open. */
  get open(): number[] {
    return [...this.#verdicts.keys()].filter((index) => this.#verdicts[index] === null);
  }

  refuseUnsafePaths(): void {
    const { mail_from, rcpt_to } = this.#transmission;
    if (mail_from !== "" && !isSafePath(mail_from)) {
      // RFC 3463 §3.2, X.1.7
      this.#refuse(this.open, "5.1.7", "the sender's address is not one that SMTP can carry");
    }
    const unsafe = this.open.filter((index) => !isSafePath(rcpt_to[index] ?? ""));
    this.#refuse(unsafe, "5.1.3", "not an address that SMTP can carry");
  }

  /** What this server can never take from us. */
  refuseUnsuitable(server: Capabilities): void {
    const { size, eightBit } = this.#message;
    const limit = server.size?.limit ?? null;
    if (limit !== null && size > limit) {
      this.#refuse(this.open, "5.3.4", `the message has ${size} bytes, and ${this.#host} takes ${limit}`, this.#host);
    }
    if (eightBit && !server.eightBitMime) {
      this.#refuse(this.open, "5.6.3", `the message has 8-bit bytes, and ${this.#host} has no 8BITMIME`, this.#host);
    }
    if (server.smtpUtf8) return;
    const { mail_from, rcpt_to } = this.#transmission;
    const everyone = isInternationalised(mail_from);
    const beyond = this.open.filter((index) => everyone || isInternationalised(rcpt_to[index] ?? ""));
    this.#refuse(beyond, "5.6.7", `an address is not ASCII, and ${this.#host} has no SMTPUTF8`, this.#host);
  }

  async transact({ session, isReused }: PooledSession): Promise<void> {
    const { mail_from, rcpt_to, beforeEndOfData } = this.#transmission;
    const open = this.open;
    for (let at = 0; at < open.length; at += MAX_ENVELOPE_RECIPIENTS) {
      const part = open.slice(at, at + MAX_ENVELOPE_RECIPIENTS);
      const recipients = part.map((index) => rcpt_to[index] ?? "");
      const outcome = await runTransaction(session, this.#host, mail_from, recipients, this.#message, beforeEndOfData);
      if (outcome.broken !== null && outcome.isUntouched && isReused) throw outcome.broken;
      for (const [nth, verdict] of outcome.verdicts.entries()) this.#verdicts[part[nth] ?? -1] = verdict;
      if (outcome.broken !== null) throw outcome.broken;
    }
  }

  /** Those whose turn never came. */
  deferRest(error: unknown): void {
    if (!(error instanceof SmtpInterruption)) throw error;
    const verdict: Verdict = {
      result: "deferred",
      status: error.status,
      reply: error.message,
      remote_mta: this.#host,
    };
    for (const index of this.open) this.#verdicts[index] = verdict;
  }

  results(): RecipientResult[] {
    return this.#transmission.rcpt_to.map((address, index) => {
      const verdict = this.#verdicts[index];
      if (!verdict) throw new Error("a recipient was forgotten");
      return { address, ...verdict };
    });
  }

  #refuse(indexes: number[], status: string, reply: string, remote_mta: string | null = null): void {
    for (const index of indexes) this.#verdicts[index] = { result: "failed", status, reply, remote_mta };
  }
}
