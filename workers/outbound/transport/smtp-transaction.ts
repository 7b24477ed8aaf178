/**
 * One mail transaction (RFC 5321 §3.3): MAIL, up to a hundred RCPT, DATA and the message, on a session that is ready.
 *
 * A recipient's verdict is the reply to its own RCPT, or else what became of the whole: the reply to MAIL, to DATA, to the
 * message, or the reason why the conversation broke. When it broke decides between the last two of these:
 *
 * - before the last dot was sent, the server cannot have accepted anything, and the recipients are deferred. So the mark
 *   that they are handed over is written just before it, and if that cannot be written the dot is not sent;
 * - after it and before the reply, nobody on this side can know (RFC 5321 §4.2.5, RFC 1047): `uncertain`. TCP tells late
 *   that the other side is gone, so a short message may count as handed over although nobody read it.
 */
import { DotStuffer, stuffedPieces, type WireFacts } from "./dot-stuffing.ts";
import { isInternationalised } from "./envelope-path.ts";
import type { Capabilities } from "./smtp-capabilities.ts";
import type { SmtpConnection } from "./smtp-connection.ts";
import { asksForLogin, SmtpInterruption } from "./smtp-interruption.ts";
import { type Reply, wordsOf } from "./smtp-replies.ts";
import type { SmtpSession } from "./smtp-session.ts";
import type { Transmission, Verdict } from "./transport.ts";

/** How much of a message goes out before we look whether the server has already said no. */
const LISTEN_EVERY_BYTES = 256 * 1024;

export interface WireMessage extends WireFacts {
  raw: Uint8Array;
}

export interface TransactionOutcome {
  /** In the order of the recipients. */
  verdicts: Verdict[];
  /** Why the session is of no more use, or null. */
  broken: SmtpInterruption | null;
  /** It broke before the message was handed over or refused: nobody there knows of it. */
  isUntouched: boolean;
}

export async function runTransaction(
  session: SmtpSession,
  host: string,
  sender: string,
  recipients: string[],
  message: WireMessage,
  beforeEndOfData: Transmission["beforeEndOfData"],
): Promise<TransactionOutcome> {
  const transaction = new Transaction(session, host, sender, recipients, message, beforeEndOfData);
  const broken = await transaction.run().then(
    () => null,
    (error: unknown) => {
      if (error instanceof SmtpInterruption) return error;
      throw error;
    },
  );
  return { verdicts: transaction.verdicts(broken), broken, isUntouched: transaction.isUntouched };
}

class Transaction {
  readonly #session: SmtpSession;
  readonly #host: string;
  readonly #sender: string;
  readonly #recipients: string[];
  readonly #message: WireMessage;
  readonly #beforeEndOfData: Transmission["beforeEndOfData"];
  /** What is decided for one recipient alone. */
  readonly #own = new Map<number, Verdict>();
  /** What is decided for all the others. */
  #common: Verdict | null = null;
  #lastDotSent = false;
  #accepted = 0;

  constructor(
    session: SmtpSession,
    host: string,
    sender: string,
    recipients: string[],
    message: WireMessage,
    beforeEndOfData: Transmission["beforeEndOfData"],
  ) {
    this.#session = session;
    this.#host = host;
    this.#sender = sender;
    this.#recipients = recipients;
    this.#message = message;
    this.#beforeEndOfData = beforeEndOfData;
  }

  get isUntouched(): boolean {
    return this.#common === null && !this.#lastDotSent;
  }

  verdicts(broken: SmtpInterruption | null): Verdict[] {
    const rest: Verdict = this.#common ?? {
      result: this.#lastDotSent ? "uncertain" : "deferred",
      status: broken?.status ?? "4.0.0",
      reply: broken?.message ?? "",
      remote_mta: this.#host,
    };
    return this.#recipients.map((_, index) => this.#own.get(index) ?? rest);
  }

  async run(): Promise<void> {
    const { connection, capabilities } = this.#session;
    const mail = this.#mailCommand(capabilities);
    const rcpts = this.#recipients.map((address) => `RCPT TO:<${address}>`);
    // RFC 2920 §3.1: the whole group in one write, DATA last. A hundred replies fit into anybody's buffers, so neither
    // side can block the other.
    const pipelined = capabilities.pipelining;
    if (pipelined) await connection.command([mail, ...rcpts, "DATA"].join("\r\n"), "mail");
    const ask = async (command: string, step: "mail" | "rcpt" | "data") => {
      if (!pipelined) await connection.command(command, step);
      return stillThere(await connection.reply(step));
    };

    const toMail = await ask(mail, "mail");
    if (!isPositive(toMail)) this.#common = this.#refusal(toMail);
    if (this.#common !== null && !pipelined) return;
    for (const [index, command] of rcpts.entries()) {
      const toRcpt = await ask(command, "rcpt");
      // After a refused MAIL every RCPT of the group is refused, too, and means nothing.
      if (this.#common !== null) continue;
      if (isPositive(toRcpt)) this.#accepted += 1;
      else this.#own.set(index, this.#rcptRefusal(toRcpt));
    }
    const anyone = this.#accepted > 0;
    if (!anyone && !pipelined) return this.#reset();

    const toData = await ask("DATA", "data");
    if (toData.code === 354) return anyone ? this.#sendMessage() : this.#sendNothing();
    if (isPositive(toData)) throw outOfProtocol(toData);
    if (anyone) this.#common = this.#refusal(toData);
    await this.#reset();
  }

  /** RFC 1870 §6, RFC 6152 §3, RFC 6531 §3.4. That the server can do what the message needs was asked before. */
  #mailCommand(capabilities: Capabilities): string {
    const parameters: string[] = [];
    if (capabilities.size !== null) parameters.push(`SIZE=${this.#message.size}`);
    if (this.#message.eightBit) parameters.push("BODY=8BITMIME");
    if ([this.#sender, ...this.#recipients].some(isInternationalised)) parameters.push("SMTPUTF8");
    return [`MAIL FROM:<${this.#sender}>`, ...parameters].join(" ");
  }

  async #sendMessage(): Promise<void> {
    const { connection } = this.#session;
    try {
      await this.#handOver();
    } catch (error) {
      // A server may refuse before it has heard all (552 as its limit is passed) and hang up or stop reading. A refusal
      // counts; an acceptance of half a message does not.
      const early = await connection.lastWords();
      if (early !== null && early.code >= 400) this.#common = this.#refusal(early);
      throw error;
    }
    const final = await connection.reply("end_of_data");
    if (final.code >= 300 && final.code < 400) throw outOfProtocol(final);
    this.#common = final.code < 300 ? this.#verdict("sent", final) : this.#refusal(final);
    stillThere(final);
  }

  async #handOver(): Promise<void> {
    const { connection } = this.#session;
    const stuffer = new DotStuffer();
    let unheard = 0;
    for (const piece of stuffedPieces(this.#message.raw, stuffer)) {
      if (unheard >= LISTEN_EVERY_BYTES) {
        await connection.listen();
        unheard = 0;
      }
      requireListener(connection);
      await connection.write(piece, "block");
      unheard += piece.length;
    }
    await this.#markHandedOver();
    requireListener(connection);
    // From here on the server may have the end, whatever the write says.
    this.#lastDotSent = true;
    await connection.write(stuffer.end(), "end_of_data");
  }

  /** Those whose RCPT was taken. A mark that cannot be written breaks the conversation off, while nothing is whole yet. */
  async #markHandedOver(): Promise<void> {
    const accepted = this.#recipients.filter((_, index) => !this.#own.has(index));
    try {
      await this.#beforeEndOfData?.(accepted);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new SmtpInterruption("4.3.0", `broken off on this side before the end of the message: ${why}`);
    }
  }

  /** RFC 2920 §3.1: DATA was accepted although nobody is there to get the message. An empty one ends it. */
  async #sendNothing(): Promise<void> {
    await this.#session.connection.command(".", "command");
    stillThere(await this.#session.connection.reply("command"));
  }

  /** RFC 5321 §4.1.1.5: the next transaction begins with nobody's recipients. */
  async #reset(): Promise<void> {
    await this.#session.connection.command("RSET");
    stillThere(await this.#session.connection.reply("command"));
  }

  #rcptRefusal(reply: Reply): Verdict {
    const refusal = this.#refusal(reply);
    // RFC 5321 §4.5.3.1.10: 552 may mean too many recipients, and then 452 was meant. A full mailbox says 5.2.2; and the
    // first recipient of a transaction is never one too many, so that a retry of this one alone gets the true answer.
    const tooMany = reply.code === 552 && !reply.status.startsWith("5.2.") && this.#accepted > 0;
    return tooMany ? { ...refusal, result: "deferred", status: "4.5.3" } : refusal;
  }

  #refusal(reply: Reply): Verdict {
    if (reply.code < 400) throw outOfProtocol(reply);
    if (reply.code < 500) return this.#verdict("deferred", reply);
    // About the settings of this mesh, not about the message: see refusedByRelay.
    if (asksForLogin(reply)) return { ...this.#verdict("deferred", reply), status: `4${reply.status.slice(1)}` };
    return this.#verdict("failed", reply);
  }

  #verdict(result: Verdict["result"], reply: Reply): Verdict {
    return { result, status: reply.status, reply: wordsOf(reply), remote_mta: this.#host };
  }
}

/** We are in the middle of a message, where only hanging up ends it without delivering half of it. */
function requireListener(connection: SmtpConnection): void {
  if (connection.hasUnread) throw new SmtpInterruption("4.5.0", "the server answered before the message ended");
  if (connection.hasEnded) throw new SmtpInterruption("4.4.2", "connection lost while sending the message");
}

function isPositive(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** RFC 5321 §3.8: 421 may come in answer to anything and closes the channel. */
function stillThere(reply: Reply): Reply {
  if (reply.code === 421) throw new SmtpInterruption(reply.status, wordsOf(reply));
  return reply;
}

function outOfProtocol(reply: Reply): SmtpInterruption {
  return new SmtpInterruption("4.5.0", `an answer that fits no question: ${wordsOf(reply)}`);
}
