/**
 * The `smtp-server` package with four habits changed, for the listener and the sink alike: a reply may bring its own
 * enhanced status code, the path of MAIL and RCPT is read by path.ts, parameters that were not offered are refused by
 * parameters.ts, and DATA is read by dot-reader.ts. The version is pinned, because the overrides reach into methods that
 * the package declares but does not document.
 */
import type net from "node:net";
import type { Writable } from "node:stream";
import type tls from "node:tls";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { SMTPConnection } from "smtp-server/lib/smtp-connection";
import { SMTPStream } from "smtp-server/lib/smtp-stream";
import { DotReader } from "./dot-reader.ts";
import { refuseParameters } from "./parameters.ts";
import { type Path, parsePath } from "./path.ts";
import { textOf } from "./replies.ts";

type ParsedCommand = ReturnType<SMTPConnection["_parseAddressCommand"]>;

/** RFC 3463 §2: class "." subject "." detail, here at the start of a reply's text. */
const STATUS_CODE = /^[245]\.\d{1,3}\.\d{1,3} /;

class MailStream extends SMTPStream {
  #reader = new DotReader();

  override startDataMode(maxBytes?: number) {
    this.#reader = new DotReader();
    return super.startDataMode(maxBytes);
  }

  override _feedDataStream(chunk: Buffer, done: (error?: Error | null) => void): void {
    const stream = this._dataStream;
    const { content, behind } = this.#reader.take(chunk);
    this._countDataBytes(content.length);
    if (behind !== undefined) this._endDataMode(content, behind, done);
    // A stream that its reader gave up takes no more.
    else if (stream === null || !stream.writable || content.length === 0 || stream.write(content)) done();
    else onceDrained(stream, done);
  }
}

/** A stream that is destroyed never drains, it only closes. */
function onceDrained(stream: Writable, then: () => void): void {
  const goOn = () => {
    stream.off("drain", goOn);
    stream.off("close", goOn);
    then();
  };
  stream.once("drain", goOn);
  stream.once("close", goOn);
}

class MailConnection extends SMTPConnection {
  /** The package derives the status from the basic code alone: 552 always became 5.2.2, a full mailbox. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const hasStatus = typeof data === "string" && STATUS_CODE.test(data);
    super.send(code, data, hasStatus ? false : context);
  }

  override _createParser(): SMTPStream {
    // As the package does it, with a parser of our own.
    const parser = new MailStream({ maxCommandLength: this._server.options.maxCommandLength });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on("error", (error: Error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    if (!this.#refusesParameters("MAIL", command, callback)) super.handler_MAIL(command, callback);
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    if (!this.#refusesParameters("RCPT", command, callback)) super.handler_RCPT(command, callback);
  }

  /** Before the package looks at them: it answers some that it does not offer, REQUIRETLS for one, by its own rules. */
  #refusesParameters(verb: Verb, command: Buffer, callback: () => void): boolean {
    const path = pathOf(verb, command);
    if (path === undefined) return false;
    const refusal = refuseParameters(path.parameters, verb, { withAuth: this._isSupported("AUTH") });
    if (refusal === undefined) return false;
    this.send(refusal.code, textOf(refusal));
    callback();
    return true;
  }

  override _parseAddressCommand(rawName: string, rawCommand: Buffer | string): ParsedCommand {
    const path = pathOf(rawName.toUpperCase() === "RCPT TO" ? "RCPT" : "MAIL", rawCommand);
    if (path === undefined) return false;
    // What the parameters say stays the package's business; the stand-in address is one that it accepts.
    const parsed = super._parseAddressCommand(rawName, `${rawName}:<path@invalid> ${path.parameters}`);
    if (parsed !== false) parsed.address = path.address;
    return parsed;
  }
}

type Verb = "MAIL" | "RCPT";
const COMMAND_NAMES = { MAIL: "MAIL FROM", RCPT: "RCPT TO" } as const;

function pathOf(verb: Verb, rawCommand: Buffer | string): Path | undefined {
  const command = rawCommand.toString();
  const colon = command.indexOf(":");
  if (colon === -1 || command.slice(0, colon).trim().toUpperCase() !== COMMAND_NAMES[verb]) return undefined;
  return parsePath(command.slice(colon + 1), verb);
}

export class MailServer extends SMTPServer {
  override connect(
    socket: net.Socket | tls.TLSSocket,
    socketOptions?: ConstructorParameters<typeof SMTPConnection>[2],
  ) {
    const connection = new MailConnection(this, socket, socketOptions);
    this.connections.add(connection);
    connection.on("error", (error: Error) => this._onError(error));
    connection.on("connect", (info) => this._onClientConnect(info));
    connection.init();
  }

  /** Resolves with the port once connections are taken; rejects with the system's error, EADDRINUSE for one. */
  async start(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error) => reject(error);
      this.server.once("error", failed);
      this.listen(port, host, () => {
        this.server.off("error", failed);
        resolve();
      });
    });
    const address = this.server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  /** Refuses new connections, ends those that `isBusy` does not claim, and gives the others until the deadline. */
  async stop(graceMilliseconds: number, isBusy: (sessionId: string) => boolean): Promise<void> {
    if (!this.server.listening) return;
    this.options.closeTimeout = Math.max(1, graceMilliseconds);
    const closed = new Promise<void>((resolve) => this.close(resolve));
    for (const connection of [...this.connections]) {
      // RFC 5321 §3.8: 421 may come at any time, and tells the client that its mail was not taken.
      if (!isBusy(connection.id)) connection.send(421, "4.3.2 Service shutting down");
    }
    await closed;
    for (const connection of [...this.connections]) connection._socket.destroy();
  }
}

/** What both servers share. The reverse DNS lookup would cost up to 1.5 s a connection and is of no use to the mesh. */
export const COMMON_OPTIONS = {
  disableReverseLookup: true,
  hideENHANCEDSTATUSCODES: false,
  heloResponse: "%s",
  // Toys and proxy commands of the package. VRFY stays: RFC 5321 §4.5.1 requires it.
  disabledCommands: ["WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD", "HELP"],
  logger: false,
} satisfies SMTPServerOptions;
