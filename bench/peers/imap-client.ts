/** As small an IMAP client as can be: a command at a time, and the untagged responses to it, unparsed. */
import { connect, type Socket } from "node:net";
import { ImapResponses } from "./imap-responses.ts";

export class ImapClient {
  readonly #socket: Socket;
  readonly #responses = new ImapResponses();
  #untagged: Buffer[] = [];
  #tag = 0;
  /** What the response begins with that ends the command. */
  #expected = "";
  #answered: (status: string) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      for (const response of this.#responses.take(chunk)) this.#read(response);
    });
    socket.on("error", (error) => this.#failed(error));
    socket.on("close", () => this.#failed(new Error("the IMAP server closed the connection")));
  }

  /** Resolves with the greeting read. */
  static async connect(port: number): Promise<ImapClient> {
    const client = new ImapClient(connect(port, "127.0.0.1"));
    await client.#status("*");
    return client;
  }

  /** The untagged responses, once the server says that it is done. */
  async command(text: string): Promise<Buffer[]> {
    const tag = `a${++this.#tag}`;
    this.#untagged = [];
    const status = this.#status(tag);
    this.#socket.write(`${tag} ${text}\r\n`);
    const said = await status;
    if (!said.startsWith("OK")) throw new Error(`${text.split(" ", 2).join(" ")}: ${said}`);
    return this.#untagged;
  }

  async close(): Promise<void> {
    await this.command("LOGOUT");
    this.#socket.destroy();
  }

  #status(tag: string): Promise<string> {
    this.#expected = `${tag} `;
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
    });
  }

  #read(response: Buffer): void {
    const isExpected = response.toString("latin1", 0, this.#expected.length) === this.#expected;
    if (isExpected) this.#answered(response.toString("latin1", this.#expected.length));
    else this.#untagged.push(response);
  }
}
