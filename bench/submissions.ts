/**
 * What `npm run bench` says of mail that goes out: submissions accepted and relayed a second, and the time from the
 * request to the arrival, beside nodemailer that sends the same message straight to the same sink in the same run.
 */
import type { AddressInfo } from "node:net";
import { createTransport, type SendMailOptions } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { call, logIn, type Service, startService } from "../tests/support/service.ts";
import { median, percentile } from "./measure.ts";
import { printTable } from "./table.ts";

const COUNT = 1000;
const WARM_UP = 100;
/** Callers at once, and connections of nodemailer's pool: a batch of ours has as many. */
const CALLERS = 16;
const CONNECTIONS = 4;
const SAMPLES = 60;
const BODY = "A line of a message that is like many others, and long enough to be one.\r\n".repeat(50);

/** Takes everything, and knows when what came. It greets after 100 ms, to catch spammers that talk first: many servers do. */
class Sink {
  readonly arrivals = new Map<string, number>();
  readonly #server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, callback) => {
      let head = "";
      stream.on("data", (chunk: Buffer) => {
        if (head.length < 16_384) head += chunk.toString("latin1");
      });
      stream.on("end", () => {
        const subject = /^Subject: (.+)\r$/m.exec(head)?.[1] ?? "";
        if (this.arrivals.has(subject)) throw new Error(`${subject} came twice`);
        this.arrivals.set(subject, performance.now());
        callback();
      });
    },
  });

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.server.address() as AddressInfo).port;
  }

  async has(subject: string): Promise<number> {
    for (const end = performance.now() + 60_000; performance.now() < end; await breath()) {
      const at = this.arrivals.get(subject);
      if (at !== undefined) return at;
    }
    throw new Error(`${subject} did not arrive`);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Hands one message over, and comes back when the other side has answered for it. */
type Send = (subject: string) => Promise<void>;

export async function benchSubmissions(): Promise<void> {
  const sink = new Sink();
  const port = await sink.start();
  const service = await startService({ env: { RELAY_URL: `smtp://127.0.0.1:${port}` } });
  const straight = { host: "127.0.0.1", port, secure: false };
  const pool = createTransport({ ...straight, pool: true, maxConnections: CONNECTIONS });
  const single = createTransport(straight);
  const ways: Record<string, Send> = {
    "nodemailer, a connection each": async (subject) => void (await single.sendMail(asOptions(subject))),
    "nodemailer, pooled": async (subject) => void (await pool.sendMail(asOptions(subject))),
    mailmesh: await sendingThrough(service),
  };

  console.log(`== mail that goes out: ${COUNT} messages of ${(BODY.length / 1000).toFixed(1)} kB, ${CALLERS} callers`);
  const rows: string[][] = [];
  for (const [name, send] of Object.entries(ways)) {
    await throughput(send, sink, `${name} warm-up`, WARM_UP);
    const { accepted, relayed } = await throughput(send, sink, name, COUNT);
    const times = await latencies(send, sink, name);
    const p = (fraction: number) => percentile(times, fraction).toFixed(1);
    rows.push([name, accepted.toFixed(0), relayed.toFixed(0), median(times).toFixed(1), p(0.95)]);
  }
  printTable(["", "accepted/s", "arrived/s", "request to arrival p50 ms", "p95 ms"], rows);
  pool.close();
  await service.stop();
  await sink.stop();
}

const asOptions = (subject: string): SendMailOptions => ({
  from: "alice@mesh.test",
  to: "zoe@far.example",
  subject,
  text: BODY,
});

/** Two accounts in turn: one may send a thousand a minute. */
async function sendingThrough(service: Service): Promise<Send> {
  const accounts = await Promise.all(["alice", "bob"].map((name) => logIn(service, `${name}@mesh.test`)));
  let turn = 0;
  return async (subject) => {
    const { token } = accounts[turn++ % accounts.length] ?? { token: "" };
    const body = { to: [{ email: "zoe@far.example" }], subject, body: BODY, undo_seconds: 0 };
    const answer = await call(service, "POST", "/v1/messages", { token, body });
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.bytes}`);
  };
}

async function throughput(send: Send, sink: Sink, name: string, count: number) {
  const began = performance.now();
  const left = Array.from({ length: count }, (_, n) => `${name} ${n}`);
  const subjects = [...left];
  const caller = async () => {
    for (let subject = left.pop(); subject !== undefined; subject = left.pop()) await send(subject);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const accepted = perSecond(count, began);
  for (const subject of subjects) await sink.has(subject);
  return { accepted, relayed: perSecond(count, began) };
}

const perSecond = (count: number, began: number): number => count / ((performance.now() - began) / 1000);

/** One after the other. */
async function latencies(send: Send, sink: Sink, name: string): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const subject = `${name} alone ${n}`;
    const began = performance.now();
    await send(subject);
    times.push((await sink.has(subject)) - began);
  }
  return times;
}

const breath = () => new Promise((resolve) => setTimeout(resolve, 1));

if (import.meta.main) await benchSubmissions();
