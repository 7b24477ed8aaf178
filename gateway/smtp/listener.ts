/**
 * SMTP on TCP in front of the mesh: an MX (RFC 5321 §2.3.10 "gateway"), so there is no AUTH and no submission. It keeps
 * no mail: a message is acknowledged when the mesh has said that it is durable, and every doubt is a 451.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SMTPServerDataStream, SMTPServerSession } from "smtp-server";
import type { SmtpReply } from "../../contract/ingest.ts";
import { MAX_ENVELOPE_RECIPIENTS, MAX_MESSAGE_BYTES } from "../../contract/limits.ts";
import type { ReceiveLimits } from "../../contract/receive-limits.ts";
import type { Authenticator } from "../authentication/authenticator.ts";
import type { Certificate } from "./certificate.ts";
import { FloodGuard } from "./flood-guard.ts";
import { COMMON_OPTIONS, MailServer } from "./mail-server.ts";
import type { MeshDoor } from "./mesh-door.ts";
import { MessageIntake } from "./message-intake.ts";
import { NO_ROOM, protocolOf, ReplyError, refusalOf, TOO_LARGE, TRY_AGAIN, textOf, verdictOf } from "./replies.ts";

export interface ListenerOptions {
  /** The name in the greeting and in EHLO. */
  hostname: string;
  certificate: Certificate;
  door: MeshDoor;
  /** Without it nothing is said of who mail is from. */
  authenticator?: Authenticator | undefined;
  /** One line for the operator: the mesh could not be reached, or a connection broke in the middle of a message. */
  report: (line: string) => void;
  /** How fast mail may come; null for as fast as it comes. */
  limits: ReceiveLimits | null;
  /** Octets of one message; tests make it small. */
  maxMessageBytes?: number;
}

type Callback = (error?: Error | null, message?: string) => void;

export class SmtpListener {
  readonly #options: ListenerOptions;
  readonly #server: MailServer;
  readonly #intake: MessageIntake;
  readonly #guard: FloodGuard | null;
  /** Sessions whose message is on its way: they may finish when the listener stops. */
  readonly #busy = new Set<string>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    const size = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
    this.#intake = new MessageIntake(size);
    this.#guard = options.limits && new FloodGuard(options.limits);
    this.#server = new MailServer({
      ...COMMON_OPTIONS,
      ...options.certificate,
      name: options.hostname,
      size,
      disabledCommands: [...COMMON_OPTIONS.disabledCommands, "AUTH"],
      maxRecipients: MAX_ENVELOPE_RECIPIENTS,
      maxClients: 500,
      // RFC 5321 §4.5.3.2.7: a server waits at least 5 minutes for the next command.
      socketTimeout: 5 * 60 * 1000,
      // RFC 5321 §4.5.3.1.4 asks for 512 octets and what extensions add; there is no AUTH here to add much.
      maxCommandLength: 4096,
      onConnect: (session, callback) => {
        const open = [...this.#server.connections].map(({ remoteAddress }) => remoteAddress);
        callback(asError(this.#guard?.refuseConnection(session.remoteAddress, open)));
      },
      onMailFrom: (address, session, callback) => {
        void this.#answer(callback, () => this.#sender(address.address, session));
      },
      onRcptTo: (address, session, callback) => {
        void this.#answer(callback, () => this.#recipient(address.address, session));
      },
      onData: (stream, session, callback) => {
        this.#busy.add(session.id);
        void this.#answer(callback, () => this.#message(stream, session)).finally(() => this.#busy.delete(session.id));
      },
    });
    this.#server.on("error", (error) => options.report(`SMTP: ${error.message}`));
  }

  start(port: number, host: string): Promise<number> {
    return this.#server.start(port, host);
  }

  async stop(graceMilliseconds: number): Promise<void> {
    await this.#server.stop(graceMilliseconds, (id) => this.#busy.has(id));
  }

  async #sender(mailFrom: string, session: SMTPServerSession): Promise<undefined> {
    await slowly(this.#guard?.refuseSender(session.remoteAddress, mailFrom, Date.now()));
  }

  async #recipient(rcptTo: string, session: SMTPServerSession): Promise<undefined> {
    const { remoteAddress, envelope } = session;
    await slowly(this.#guard?.refuseRecipient(remoteAddress, rcptTo, envelope, Date.now()));
    const outcome = await this.#inTurn(session, [rcptTo], () => this.#options.door.ask(senderOf(session), rcptTo));
    if (outcome.outcome === "accepted") return;
    if (outcome.reason === "no_such_mailbox") this.#guard?.countUnknown(remoteAddress, envelope, Date.now());
    throw new ReplyError(refusalOf(outcome.smtp));
  }

  #inTurn<T>({ remoteAddress }: SMTPServerSession, rcptTo: string[], work: () => Promise<T>): Promise<T> {
    return this.#guard === null ? work() : this.#guard.inTurn(remoteAddress, rcptTo, work);
  }

  async #message(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string | undefined> {
    // The session's envelope is replaced when the connection starts over; these are its values now.
    const envelope = { mail_from: senderOf(session), rcpt_to: session.envelope.rcptTo.map((path) => path.address) };
    const hop = hopOf(session);
    const intake = await this.#intake.take(stream, () => this.#cutOff(session.id));
    switch (intake.outcome) {
      case "too_large":
        throw new ReplyError(TOO_LARGE);
      case "no_room":
        throw new ReplyError(NO_ROOM);
      case "gone":
        return undefined;
      case "complete":
        try {
          this.#guard?.countMessage(envelope.rcpt_to, Date.now());
          const results = await this.#options.authenticator?.results(envelope, hop, intake.chunks);
          const deliver = () => this.#options.door.deliver(envelope, hop, intake, results);
          const verdict = verdictOf(await this.#inTurn(session, envelope.rcpt_to, deliver));
          if (verdict.code >= 400) throw new ReplyError(verdict);
          return textOf(verdict);
        } finally {
          intake.release();
        }
    }
  }

  /** Whatever is not a reply of ours is a failure to reach the mesh: the sender keeps the mail. */
  async #answer(callback: Callback, work: () => Promise<string | undefined>): Promise<void> {
    let answer: string | undefined;
    try {
      answer = await work();
    } catch (error) {
      if (error instanceof ReplyError) return callback(error);
      this.#options.report(`mail was put off: ${error instanceof Error ? error.message : String(error)}`);
      return callback(new ReplyError(TRY_AGAIN));
    }
    callback(null, answer);
  }

  #cutOff(sessionId: string): void {
    for (const connection of this.#server.connections) if (connection.id === sessionId) connection._socket.destroy();
  }
}

/** As long as Postfix waits before it answers an error: a flood that is refused must not come again all the faster. */
const REFUSAL_DELAY_MS = 1000;

async function slowly(refusal: SmtpReply | null | undefined): Promise<void> {
  if (!refusal) return;
  await sleep(REFUSAL_DELAY_MS);
  throw new ReplyError(refusal);
}

const asError = (refusal: SmtpReply | null | undefined): ReplyError | null =>
  refusal ? new ReplyError(refusal) : null;

function senderOf(session: SMTPServerSession): string {
  return session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address;
}

function hopOf(session: SMTPServerSession) {
  return {
    helo: session.hostNameAppearsAs.slice(0, 255),
    // A link-local address brings its interface, `fe80::1%eth0`, which means nothing elsewhere.
    remote_address: session.remoteAddress.replace(/%.*$/, ""),
    protocol: protocolOf(session),
  };
}
