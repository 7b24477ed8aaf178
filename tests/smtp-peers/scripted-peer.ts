/**
 * A small SMTP server on Node that does as its script says: it refuses, lies, stops, floods and breaks off where it is
 * told to, and for the rest takes mail. It keeps what it saw for the test to look at.
 */
import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { PeerCertificates } from "./certificates.ts";
import { PeerWire, unstuff } from "./peer-wire.ts";
import type { Act, PeerScript, PeerSession, Rule } from "./script.ts";

const CAPABILITIES = ["PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

export class ScriptedPeer {
  readonly sessions: PeerSession[] = [];
  /** The messages of all sessions, as the author meant them: dots un-stuffed. */
  readonly bodies: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(script: PeerScript, certificates: PeerCertificates) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      const session: PeerSession = {
        commands: [],
        messages: [],
        tls: null,
        pipelined: false,
        unfinished_bytes: 0,
        ended: null,
      };
      this.sessions.push(session);
      void new Conversation(socket, script, certificates, session, this.bodies).hold();
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(address !== null && typeof address === "object" ? address.port : 0);
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

class Conversation {
  readonly #wire: PeerWire;
  readonly #script: PeerScript;
  readonly #certificates: PeerCertificates;
  readonly #session: PeerSession;
  readonly #bodies: Buffer[];
  readonly #matched = new Map<Rule, number>();
  #sender: string | null = null;
  #recipients: string[] = [];

  constructor(
    socket: Socket,
    script: PeerScript,
    certificates: PeerCertificates,
    session: PeerSession,
    bodies: Buffer[],
  ) {
    this.#wire = new PeerWire(socket, script.any_line_end ?? false);
    this.#script = script;
    this.#certificates = certificates;
    this.#session = session;
    this.#bodies = bodies;
  }

  async hold(): Promise<void> {
    if (this.#script.tls === "implicit") await this.#handshake();
    await this.#wire.perform(this.#ruleFor("CONNECT") ?? ["220 peer.test ESMTP"]);
    for (;;) {
      const line = await this.#wire.readLine();
      if (line === null) break;
      this.#session.commands.push(line);
      // A moment for what a hasty client may have sent right behind: see `pipelined`.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#wire.hasMore) this.#session.pipelined = true;
      if (!(await this.#obey(line))) break;
    }
    this.#session.ended ??= this.#wire.failed ? "error" : "closed";
  }

  /** Answers a command; false when the conversation is over. */
  async #obey(line: string): Promise<boolean> {
    const verb = line.split(" ", 1)[0]?.toUpperCase() ?? "";
    const scripted = this.#ruleFor(line);
    const acts = scripted ?? this.#usualReply(verb, line);
    await this.#wire.perform(acts);
    const code = replyCode(acts);
    if (verb === "QUIT") {
      this.#session.ended = "quit";
      await this.#wire.close("end");
      return false;
    }
    if (verb === "STARTTLS" && code === 220) return this.#startTls();
    if (verb === "AUTH" && code === 334) return this.#continueAuth(line);
    if (verb === "MAIL" && isPositive(code)) this.#sender = pathIn(line);
    if (verb === "RCPT" && isPositive(code)) this.#recipients.push(pathIn(line));
    if (verb === "RSET") this.#forget();
    if (verb === "DATA" && code === 354) return this.#takeMessage();
    return !this.#wire.ended;
  }

  #usualReply(verb: string, line: string): Act[] {
    switch (verb) {
      case "EHLO":
        this.#forget();
        return this.#greetingLines();
      case "HELO":
        return ["250 peer.test"];
      case "STARTTLS":
        return this.#offersTls() ? ["220 2.0.0 Ready to start TLS"] : ["502 5.5.1 Not here"];
      case "AUTH":
        return this.#usualAuthReply(line);
      case "MAIL":
        return ["250 2.1.0 Sender ok"];
      case "RCPT":
        return ["250 2.1.5 Recipient ok"];
      case "DATA":
        return this.#recipients.length > 0 ? ["354 Go ahead"] : ["554 5.5.1 No valid recipients"];
      case "RSET":
        return ["250 2.0.0 Ok"];
      case "QUIT":
        return ["221 2.0.0 Bye"];
      default:
        return ["500 5.5.2 What?"];
    }
  }

  #greetingLines(): Act[] {
    const lines = ["peer.test", ...(this.#script.capabilities ?? CAPABILITIES)];
    if (this.#offersTls() && this.#session.tls === null) lines.push("STARTTLS");
    return lines.map((line, index) => `250${index === lines.length - 1 ? " " : "-"}${line}`);
  }

  #offersTls(): boolean {
    return ["starttls", "handshake_closes", "handshake_hangs"].includes(this.#script.tls ?? "none");
  }

  async #startTls(): Promise<boolean> {
    if (this.#script.tls === "starttls") return this.#handshake();
    if (this.#script.tls === "handshake_closes") await this.#wire.close("end");
    else await this.#wire.perform([{ pause_ms: 3000 }]);
    return false;
  }

  async #handshake(): Promise<boolean> {
    const { key, cert } = this.#certificates[this.#script.certificate ?? "trusted"];
    const secure = await this.#wire.startTls(createSecureContext({ key, cert }));
    if (secure === null) return false;
    const name = secure.servername;
    this.#session.tls = {
      server_name: typeof name === "string" && name !== "" ? name : null,
      protocol: secure.getProtocol(),
    };
    return true;
  }

  #usualAuthReply(line: string): Act[] {
    const [, mechanism = "", initial] = line.split(" ");
    if (mechanism.toUpperCase() === "LOGIN") return ["334 VXNlcm5hbWU6"];
    if (mechanism.toUpperCase() !== "PLAIN") return ["504 5.5.4 No such mechanism"];
    if (initial === undefined) return ["334 "];
    const [, user = "", password = ""] = fromBase64(initial).split("\0");
    return this.#verdict(user, password);
  }

  #verdict(user: string, password: string): Act[] {
    const wanted = this.#script.credentials;
    const good = wanted === undefined || (wanted.user === user && wanted.password === password);
    return good ? ["235 2.7.0 Authentication successful"] : ["535 5.7.8 Authentication credentials invalid"];
  }

  /** What follows a 334: for LOGIN the user name and the password, for PLAIN both in one, all in base64. */
  async #continueAuth(line: string): Promise<boolean> {
    const plain = /^AUTH PLAIN/i.test(line);
    const answers: string[] = [];
    for (const last of plain ? [true] : [false, true]) {
      const answer = await this.#wire.readLine();
      if (answer === null) return false;
      this.#session.commands.push(answer);
      answers.push(fromBase64(answer));
      const [user = "", password = ""] = plain ? fromBase64(answer).split("\0").slice(1) : answers;
      const usual = last ? this.#verdict(user, password) : ["334 UGFzc3dvcmQ6"];
      await this.#wire.perform(this.#ruleFor("RESPONSE") ?? usual);
    }
    return !this.#wire.ended;
  }

  async #takeMessage(): Promise<boolean> {
    const trap = this.#script.during_data;
    let sprung = false;
    const message = await this.#wire.readMessage(async (bytes) => {
      this.#session.unfinished_bytes = bytes;
      if (trap === undefined || sprung || bytes < trap.after_bytes) return true;
      sprung = true;
      await this.#wire.perform(trap.do);
      return !this.#wire.ended;
    });
    if (message === null) return false;
    this.#session.unfinished_bytes = 0;
    const body = Buffer.from(unstuff(message), "latin1");
    this.#session.messages.push({
      mail_from: this.#sender ?? "",
      rcpt_to: this.#recipients,
      bytes: body.length,
      sha256: createHash("sha256").update(body).digest("hex"),
    });
    this.#bodies.push(body);
    this.#forget();
    await this.#wire.perform(this.#ruleFor(".") ?? ["250 2.0.0 Queued as 1A2B3C"]);
    return !this.#wire.ended;
  }

  #forget(): void {
    this.#sender = null;
    this.#recipients = [];
  }

  #ruleFor(line: string): Act[] | null {
    for (const rule of this.#script.rules ?? []) {
      if (!line.toUpperCase().startsWith(rule.on.toUpperCase())) continue;
      const times = (this.#matched.get(rule) ?? 0) + 1;
      this.#matched.set(rule, times);
      if (rule.nth === undefined || rule.nth === times) return rule.do;
    }
    return null;
  }
}

/** The code of the last line that the peer says. */
function replyCode(acts: Act[]): number {
  const said = acts.map((act) => (typeof act === "string" ? `${act}\r\n` : "send" in act ? act.send : "")).join("");
  return Number(said.trimEnd().split("\n").at(-1)?.slice(0, 3));
}

function isPositive(code: number): boolean {
  return code >= 200 && code < 300;
}

function pathIn(line: string): string {
  return /<(.*)>/.exec(line)?.[1] ?? "";
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
