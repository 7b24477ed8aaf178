/**
 * What the throttle of a destination is worth: a server that takes two connections at once and answers 421 beyond, and 200
 * submissions for it, with the throttle and without it, where only the submissions' own retries hold back. And what it
 * costs where nothing has to be held back: the same load on a server that takes all, with and without. Without it the
 * first takes up to a quarter of an hour. `node bench/destination.ts on` measures one of the two alone.
 */

import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { call, logIn, type Service, startService } from "../tests/support/service.ts";
import { printTable } from "./table.ts";

const COUNT = 200;
const CALLERS = 8;
/** How long the server takes for a message, so that connections overlap. */
const WORK_MS = 50;
const GIVE_UP_MS = 15 * 60_000;

/** Takes so many connections at once. Speaks just enough SMTP, and counts. */
class NarrowServer {
  refused = 0;
  taken = 0;
  lastAt = 0;
  #open = 0;
  readonly #most: number;
  readonly #server: Server;

  constructor(most: number) {
    this.#most = most;
    this.#server = createServer((socket) => this.#greet(socket));
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #greet(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    if (this.#open >= this.#most) {
      this.refused++;
      return void socket.end("421 4.7.0 Too many connections\r\n");
    }
    this.#open++;
    socket.on("close", () => this.#open--);
    socket.write("220 narrow.example\r\n");
    let text = "";
    let inMessage = false;
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n"); end !== -1; end = text.indexOf("\r\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (inMessage) {
          if (line !== ".") continue;
          inMessage = false;
          setTimeout(() => this.#take(socket), WORK_MS);
        } else if (/^DATA/i.test(line)) {
          inMessage = true;
          socket.write("354 Go on\r\n");
        } else if (/^QUIT/i.test(line)) {
          socket.end("221 Bye\r\n");
        } else {
          socket.write("250 OK\r\n");
        }
      }
    });
  }

  #take(socket: Socket): void {
    this.taken++;
    this.lastAt = performance.now();
    if (!socket.destroyed) socket.write("250 2.0.0 Taken\r\n");
  }
}

async function run(name: string, most: number, throttle: "on" | "off"): Promise<string[]> {
  const server = new NarrowServer(most);
  const port = await server.start();
  const env = { RELAY_URL: `smtp://127.0.0.1:${port}`, DESTINATION_THROTTLE: throttle };
  const service = await startService({ env });
  const began = performance.now();
  await sendAll(service);
  while (server.taken < COUNT && performance.now() - began < GIVE_UP_MS) await pause(50);
  const seconds = server.taken < COUNT ? Number.POSITIVE_INFINITY : (server.lastAt - began) / 1000;
  await service.stop();
  await server.stop();
  return [name, throttle, String(server.taken), String(server.refused), seconds.toFixed(1)];
}

async function sendAll(service: Service): Promise<void> {
  const { token } = await logIn(service, "alice@mesh.test");
  let left = COUNT;
  const caller = async () => {
    while (left > 0) {
      const subject = `number ${left--}`;
      const body = { to: [{ email: "zoe@narrow.example" }], subject, body: "Hello", undo_seconds: 0 };
      const answer = await call(service, "POST", "/v1/messages", { token, body });
      if (answer.status !== 202) throw new Error(`${answer.status} ${answer.bytes}`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

if (import.meta.main) {
  const [only] = process.argv.slice(2);
  const rows: string[][] = [];
  for (const [name, most] of [
    ["takes 2 connections", 2],
    ["takes all", 1_000],
  ] as const) {
    for (const throttle of ["off", "on"] as const) {
      if (only !== undefined && only !== throttle) continue;
      rows.push(await run(name, most, throttle));
    }
  }
  printTable(["server", "throttle", "arrived", "421s", `seconds until ${COUNT} were through`], rows);
}
