/** The bytes between a scripted peer and its client: lines and messages in, scripted acts out. Knows no SMTP command. */
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type SecureContext, TLSSocket } from "node:tls";
import type { Act } from "./script.ts";

const STRICT_END = /\r\n\.\r\n/g;
const LENIENT_END = /(?:\r\n|\r|\n)\.(?:\r\n|\r|\n)/g;

export class PeerWire {
  #socket: Socket;
  /** latin1 text: a character is a byte, and the regular expressions above work on it. */
  #text = "";
  #ended = false;
  #wake: () => void = () => {};
  readonly #anyLineEnd: boolean;
  failed = false;

  constructor(socket: Socket, anyLineEnd: boolean) {
    this.#anyLineEnd = anyLineEnd;
    this.#socket = socket;
    this.#attach(socket);
  }

  /** Something has come that nobody has read yet. */
  get hasMore(): boolean {
    return this.#text.length > 0;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The next command without its end of line, or null when the client has left. */
  async readLine(): Promise<string | null> {
    for (;;) {
      const end = this.#anyLineEnd ? this.#text.search(/[\r\n]/) : this.#text.indexOf("\r\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        const crlf = this.#text.startsWith("\r\n", end);
        this.#text = this.#text.slice(end + (crlf ? 2 : 1));
        return line;
      }
      if (this.#ended) return null;
      await this.#arrival();
    }
  }

  /**
   * The message with its dots still stuffed, or null when the client left before the end; `seen` is told how many
   * bytes are there, and answers whether to go on.
   */
  async readMessage(seen: (bytes: number) => Promise<boolean>): Promise<string | null> {
    const parts: string[] = [];
    let bytes = 0;
    // The end may lie across two reads: the last four bytes stay for the next look. A message may be just the end.
    let text = "\r\n";
    for (;;) {
      text += this.#text;
      bytes += this.#text.length;
      this.#text = "";
      const pattern = this.#anyLineEnd ? LENIENT_END : STRICT_END;
      pattern.lastIndex = 0;
      const end = pattern.exec(text);
      if (end !== null) {
        this.#text = text.slice(end.index + end[0].length);
        parts.push(text.slice(0, end.index), "\r\n");
        return parts.join("").slice(2);
      }
      parts.push(text.slice(0, -4));
      text = text.slice(-4);
      if (!(await seen(bytes))) return null;
      if (this.#text !== "") continue;
      if (this.#ended) return null;
      await this.#arrival();
    }
  }

  async perform(acts: Act[]): Promise<void> {
    for (const act of acts) {
      if (typeof act === "string") this.#send(`${act}\r\n`);
      else if ("send" in act) this.#send(act.send);
      else if ("pause_ms" in act) await pause(act.pause_ms);
      else if ("flood" in act) await this.#flood(act.flood, act.bytes);
      else if ("reading" in act) act.reading ? this.#socket.resume() : this.#socket.pause();
      else await this.close(act.close);
    }
  }

  async close(how: "end" | "reset"): Promise<void> {
    this.#ended = true;
    if (how === "reset") {
      this.#socket.resetAndDestroy();
      return;
    }
    const socket = this.#socket;
    await new Promise<void>((resolve) => socket.end(() => resolve()));
    // What still comes is thrown away, as by a server whose process has gone: the kernel answers it with RST.
    setTimeout(() => socket.destroy(), 50).unref();
  }

  /** Plays the server's side of the handshake, or gives false when it fails. */
  async startTls(secureContext: SecureContext): Promise<TLSSocket | null> {
    const plain = this.#socket;
    plain.removeAllListeners("data");
    plain.removeAllListeners("end");
    plain.removeAllListeners("close");
    const secure = new TLSSocket(plain, { isServer: true, secureContext });
    const up = await new Promise<boolean>((resolve) => {
      secure.once("secure", () => resolve(true));
      secure.once("error", () => resolve(false));
      secure.once("close", () => resolve(false));
    });
    this.#socket = secure;
    if (!up) {
      this.failed = true;
      this.#ended = true;
      return null;
    }
    this.#attach(secure);
    return secure;
  }

  #attach(socket: Socket): void {
    socket.on("data", (bytes) => {
      this.#text += bytes.toString("latin1");
      this.#wake();
    });
    socket.on("error", () => {
      this.failed = true;
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on("end", end);
    socket.on("close", end);
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #send(text: string): void {
    if (this.#socket.writable) this.#socket.write(Buffer.from(text, "latin1"));
  }

  async #flood(text: string, bytes: number): Promise<void> {
    const block = Buffer.from(text.repeat(Math.ceil(16_384 / text.length)), "latin1");
    for (let sent = 0; sent < bytes && this.#socket.writable; sent += block.length) {
      if (this.#socket.write(block)) continue;
      const socket = this.#socket;
      await new Promise<void>((resolve) => {
        socket.once("drain", () => resolve());
        socket.once("close", () => resolve());
      });
    }
  }
}

/** Takes the doubled dots out again (RFC 5321 §4.5.2), after CRLF alone as the standard has it. */
export function unstuff(message: string): string {
  return message.replace(/(^|\r\n)\./g, "$1");
}
