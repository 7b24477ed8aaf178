/** An SMTP client that sends exactly the bytes it is told to: what no well-behaved client can be made to send. */
import { connect, type Socket } from "node:net";

/**
 * RFC 5321 §4.5.2 on the sending side: a dot more where a line begins with one. After a bare LF too, as Python's smtplib
 * does it: the listener takes these away as well.
 */
export function stuffed(message: Buffer): Buffer {
  return Buffer.from(message.toString("latin1").replaceAll(/(^|\n)\./g, "$1.."), "latin1");
}

export class SmtpDialogue {
  readonly #socket: Socket;
  #received = "";
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.#received += chunk.toString("latin1");
      this.#wake();
    });
    const close = () => {
      this.#closed = true;
      this.#wake();
    };
    socket.on("close", close);
    socket.on("error", close);
  }

  /** Connects and reads the greeting. */
  static async open(port: number): Promise<SmtpDialogue> {
    const dialogue = SmtpDialogue.connect(port);
    await dialogue.reply();
    return dialogue;
  }

  /** Connects, and leaves the greeting to be read. */
  static connect(port: number): SmtpDialogue {
    return new SmtpDialogue(connect(port, "127.0.0.1"));
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** Sends one command line and returns the whole reply, lines joined by LF. */
  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  async reply(): Promise<string> {
    const lines: string[] = [];
    while (true) {
      const line = await this.#line();
      lines.push(line);
      if (line.charAt(3) !== "-") return lines.join("\n");
    }
  }

  /** Opens a transaction up to the 354. */
  async data(from: string, to: string): Promise<void> {
    await this.say("EHLO client.test");
    await this.say(`MAIL FROM:<${from}>`);
    await this.say(`RCPT TO:<${to}>`);
    const reply = await this.say("DATA");
    if (!reply.startsWith("354")) throw new Error(`DATA was answered with ${reply}`);
  }

  /** True when nothing comes for a while: how a test sees that a message has not ended. */
  async staysSilent(milliseconds = 150): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return this.#received === "";
  }

  async closed(): Promise<void> {
    while (!this.#closed) await this.#news();
  }

  end(): void {
    this.#socket.destroy();
  }

  async #line(): Promise<string> {
    while (true) {
      const end = this.#received.indexOf("\r\n");
      if (end !== -1) {
        const line = this.#received.slice(0, end);
        this.#received = this.#received.slice(end + 2);
        return line;
      }
      if (this.#closed) throw new Error(`the connection ended; unread: ${JSON.stringify(this.#received)}`);
      await this.#news();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
