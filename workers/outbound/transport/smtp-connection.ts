/**
 * The socket under an SMTP conversation: writes bytes, reads replies, turns TLS on, and gives every step an end. It knows
 * no command. What goes wrong is thrown as an SmtpInterruption.
 *
 * What workerd does, and what follows from it here:
 * - A refused connection reads as the end of the stream; only `opened` tells.
 * - A failed write throws away what had arrived and was not asked for, such as the 421 that says why. So a read is always
 *   under way before a write.
 * - A reader with a read under way cannot be let go, which TLS needs. So none is started for the command before it.
 * - While writes succeed at once, nothing that arrives is looked at. So a long run of them must pause (`listen()`).
 * - Only `close()` closes the connection; after `abort()` or `cancel()` it stays open. It waits for a write that is blocked,
 *   perhaps for ever, so nobody waits for it.
 */
import { connect } from "cloudflare:sockets";
import { SmtpInterruption } from "./smtp-interruption.ts";
import { type Reply, ReplyReader, wordsOf } from "./smtp-replies.ts";
import type { SmtpTimeouts } from "./smtp-timeouts.ts";
import { within } from "./time-limit.ts";

export type Step = Exclude<keyof SmtpTimeouts, "hand_over">;

/** What a step is called when it takes too long. */
const STEP_NAMES: Record<Step, string> = {
  connect: "the connection",
  greeting: "the greeting",
  command: "the answer to a command",
  mail: "the answer to MAIL",
  rcpt: "the answer to RCPT",
  data: "the answer to DATA",
  block: "the message to be taken",
  end_of_data: "the answer to the message",
  quit: "the answer to QUIT",
};

/** A broken connection ends the read under way at once; one that is only stuck does not. */
const LAST_WORDS_MS = 200;

export class SmtpConnection {
  readonly #timeouts: SmtpTimeouts;
  readonly #handOverBy: number;
  readonly #replies = new ReplyReader();
  #socket: Socket;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** The one read that is under way. It never rejects. */
  #reading: Promise<void> | null = null;
  #ended = false;
  /** When the wait for the final reply is over: it begins with the last dot, and that may take time to get out, too. */
  #concludeBy = 0;

  private constructor(socket: Socket, timeouts: SmtpTimeouts) {
    this.#timeouts = timeouts;
    this.#handOverBy = Date.now() + timeouts.hand_over;
    this.#socket = socket;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
    ignoreFate(socket);
  }

  static async open(host: string, port: number, implicitTls: boolean, timeouts: SmtpTimeouts): Promise<SmtpConnection> {
    let connection: SmtpConnection;
    try {
      const socket = connect(
        { hostname: host, port },
        { secureTransport: implicitTls ? "on" : "starttls", allowHalfOpen: false },
      );
      connection = new SmtpConnection(socket, timeouts);
    } catch (error) {
      // What the platform forbids outright, such as port 25.
      throw new SmtpInterruption("4.4.1", `cannot connect to ${host}:${port}: ${String(error)}`);
    }
    await connection.#opened("4.4.1", `cannot connect to ${host}:${port}${implicitTls ? " over TLS" : ""}`);
    return connection;
  }

  /** Lets the event loop look at what has arrived, for `hasUnread` and `hasEnded` to know of it. */
  async listen(): Promise<void> {
    void this.#arrival();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** The peer has said something that nobody asked for yet. */
  get hasUnread(): boolean {
    return this.#replies.hasUnread;
  }

  /** The peer has hung up: what is written now reaches nobody. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** The next reply. The time is for the whole of it: a peer that drips a byte at a time gains nothing. */
  async reply(step: Step): Promise<Reply> {
    const until = Date.now() + this.#limit(step);
    for (;;) {
      const next = this.#replies.next();
      if (next.kind === "reply") return next.reply;
      if (next.kind === "garbage") throw new SmtpInterruption("4.5.0", `not an SMTP reply: ${next.seen}`);
      if (this.#ended) throw new SmtpInterruption("4.4.2", `connection lost while waiting for ${STEP_NAMES[step]}`);
      await within(until - Date.now(), this.#arrival(), () => tooLate(step));
    }
  }

  /** Sends a command. Refuses to when the peer has spoken out of turn: from then on no reply belongs to its command. */
  async command(line: string, step: Step = "command"): Promise<void> {
    this.#requireSilence();
    try {
      await this.write(new TextEncoder().encode(`${line}\r\n`), step);
    } catch (error) {
      const last = await this.lastWords();
      throw last === null ? error : new SmtpInterruption(`4${last.status.slice(1)}`, wordsOf(last));
    }
  }

  async write(bytes: Uint8Array, step: Step): Promise<void> {
    if (step === "end_of_data") this.#concludeBy = Date.now() + this.#timeouts.end_of_data;
    void this.#arrival();
    await this.#write(bytes, step);
  }

  /** What the peer said of its own accord before it broke off, if it said anything. Only for after a write has failed. */
  async lastWords(): Promise<Reply | null> {
    const settled = this.#reading ?? Promise.resolve();
    await within(LAST_WORDS_MS, settled, () => tooLate("command")).catch(() => {});
    const next = this.#replies.next();
    return next.kind === "reply" ? next.reply : null;
  }

  /**
   * Says STARTTLS and puts TLS under the conversation. What came in clear text behind the 220 was written by whoever sits
   * between us and the relay, and ends the matter (RFC 3207 §6, CVE-2011-0411).
   */
  async startTls(): Promise<Reply> {
    this.#requireSilence();
    await this.#write(new TextEncoder().encode("STARTTLS\r\n"), "command");
    const reply = await this.reply("command");
    if (reply.code !== 220) return reply;
    if (this.#reading !== null || this.#ended) throw new SmtpInterruption("4.4.2", "connection lost before TLS");
    this.#requireSilence();
    this.#reader.releaseLock();
    this.#writer.releaseLock();
    this.#socket = this.#socket.startTls();
    ignoreFate(this.#socket);
    this.#reader = this.#socket.readable.getReader();
    this.#writer = this.#socket.writable.getWriter();
    await this.#opened("4.7.5", "STARTTLS: the TLS handshake failed, or the certificate is not valid for this host");
    return reply;
  }

  /** Takes leave (RFC 5321 §4.1.1.10) and closes. Nothing depends on the answer. */
  async quit(): Promise<void> {
    try {
      await this.command("QUIT", "quit");
      await this.reply("quit");
    } catch (error) {
      if (!(error instanceof SmtpInterruption)) throw error;
    } finally {
      this.abandon();
    }
  }

  /** Closes without a word, as in the middle of a message: to end it with a dot would deliver half of it. */
  abandon(): void {
    this.#ended = true;
    this.#socket.close().catch(() => {});
  }

  async #opened(status: string, trouble: string): Promise<void> {
    const opened = this.#socket.opened.catch((error: unknown) => {
      throw new SmtpInterruption(status, `${trouble}: ${error instanceof Error ? error.message : String(error)}`);
    });
    try {
      await within(this.#limit("connect"), opened, () => new SmtpInterruption(status, `${trouble}: timed out`));
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  async #write(bytes: Uint8Array, step: Step): Promise<void> {
    const written = this.#writer.write(bytes).catch(() => {
      throw new SmtpInterruption("4.4.2", "connection lost while sending");
    });
    await within(this.#limit(step), written, () => tooLate(step));
  }

  #requireSilence(): void {
    if (!this.#replies.hasUnread) return;
    const next = this.#replies.next();
    // RFC 5321 §3.8: a server that shuts down says so whenever it likes.
    if (next.kind === "reply" && next.reply.code === 421) throw new SmtpInterruption("4.3.2", wordsOf(next.reply));
    const seen = next.kind === "reply" ? wordsOf(next.reply) : next.kind === "garbage" ? next.seen : "half a reply";
    throw new SmtpInterruption("4.5.0", `the server spoke out of turn: ${seen}`);
  }

  /** Something has come or the stream has ended. */
  #arrival(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#reading ??= this.#reader.read().then(
      ({ value, done }) => {
        this.#reading = null;
        if (done) this.#ended = true;
        else this.#replies.push(value);
      },
      () => {
        this.#reading = null;
        this.#ended = true;
      },
    );
    return this.#reading;
  }

  #limit(step: Step): number {
    if (step === "end_of_data") return this.#concludeBy - Date.now();
    if (step === "quit") return this.#timeouts.quit;
    return Math.min(this.#timeouts[step], this.#handOverBy - Date.now());
  }
}

function tooLate(step: Step): SmtpInterruption {
  return new SmtpInterruption("4.4.2", `timed out while waiting for ${STEP_NAMES[step]}`);
}

/** Whoever reads or writes learns of the end there. These promises would else be unhandled rejections. */
function ignoreFate(socket: Socket): void {
  socket.opened.catch(() => {});
  socket.closed.catch(() => {});
}
