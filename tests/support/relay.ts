/** A relay that does as it is told: takes mail, or answers with an error, and keeps what it took. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface Relayed {
  from: string;
  to: string[];
  raw: Buffer;
}

export interface Relay {
  port: number;
  taken: Relayed[];
  /** Called at RCPT: an error's code and text are the answer. */
  refuse: (recipient: string) => { code: number; text: string } | null;
  close(): Promise<void>;
}

export async function startRelay(port = 0): Promise<Relay> {
  const relay: Omit<Relay, "port" | "close"> = { taken: [], refuse: () => null };
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, callback) {
      const refusal = relay.refuse(address);
      callback(refusal === null ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        relay.taken.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  // A client that was killed hangs up in the middle: that is its affair.
  server.on("error", () => undefined);
  const address = server.server.address() as AddressInfo;
  return Object.assign(relay, {
    port: address.port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
