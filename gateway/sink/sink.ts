/**
 * Where outgoing mail ends on one machine: an SMTP server that takes everything, with or without a login, and keeps it
 * as files, so that a trial of Mailmesh never writes to strangers. It listens on the loopback interface only.
 */
import type { SMTPServerDataStream, SMTPServerSession } from "smtp-server";
import { COMMON_OPTIONS, MailServer } from "../smtp/mail-server.ts";
import { NO_ROOM, ReplyError } from "../smtp/replies.ts";
import { EmlStore } from "./eml-store.ts";

export interface SinkOptions {
  folder: string;
  hostname: string;
  report: (line: string) => void;
}

export class OutgoingSink {
  readonly #server: MailServer;
  readonly #store: EmlStore;
  readonly #busy = new Set<string>();

  constructor(options: SinkOptions) {
    this.#store = new EmlStore(options.folder);
    this.#server = new MailServer({
      ...COMMON_OPTIONS,
      name: options.hostname,
      // No certificate that the runtime would trust can be had here; RELAY_URL says `smtp:` and stays on this machine.
      disabledCommands: [...COMMON_OPTIONS.disabledCommands, "STARTTLS"],
      authOptional: true,
      authMethods: ["PLAIN", "LOGIN"],
      onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? "anyone" }),
      onData: (stream, session, callback) => {
        this.#busy.add(session.id);
        this.#keep(stream, session)
          .then((name) => callback(null, `2.0.0 Kept as ${name}`))
          .catch((error: Error) => {
            options.report(`the sink could not keep a message: ${error.message}`);
            stream.resume();
            callback(new ReplyError(NO_ROOM));
          })
          .finally(() => this.#busy.delete(session.id));
      },
    });
    this.#server.on("error", (error) => options.report(`sink: ${error.message}`));
  }

  async start(port: number): Promise<number> {
    await this.#store.open();
    return this.#server.start(port, "127.0.0.1");
  }

  async stop(graceMilliseconds: number): Promise<void> {
    await this.#server.stop(graceMilliseconds, (id) => this.#busy.has(id));
  }

  #keep(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = { mail_from: mailFrom === false ? "" : mailFrom.address, rcpt_to: rcptTo.map((to) => to.address) };
    return this.#store.keep(stream, envelope);
  }
}
