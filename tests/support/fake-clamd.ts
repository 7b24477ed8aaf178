/**
 * Runs in Node before the tests in workerd: a clamd that does as the message says which it is to scan, in a field
 * `X-Clamd`. Without one it finds EICAR where it stands in the open, and nothing else.
 */
import { createServer, type Socket } from "node:net";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    clamdPort: number;
  }
}

const EICAR = /EICAR-STANDARD-ANTIVIRUS-TEST-FILE/;
const scans = new Map<string, number>();

export default async function setup(project: TestProject): Promise<() => void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {}).on("close", () => open.delete(socket));
    converse(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  project.provide("clamdPort", address !== null && typeof address === "object" ? address.port : 0);
  return () => {
    for (const socket of open) socket.destroy();
    server.close();
  };
}

function converse(socket: Socket): void {
  let held = Buffer.alloc(0);
  let message = "";
  let isBegun = false;
  let isOver = false;
  socket.on("data", (data) => {
    if (isOver) return;
    held = Buffer.concat([held, data]);
    if (!isBegun) {
      if (held.length < 10) return;
      if (held.subarray(0, 10).toString("latin1") !== "zINSTREAM\0") return void socket.end("UNKNOWN COMMAND\0");
      isBegun = true;
      held = held.subarray(10);
    }
    while (held.length >= 4 && held.length >= 4 + held.readUInt32BE(0)) {
      const size = held.readUInt32BE(0);
      message += held.subarray(4, 4 + size).toString("latin1");
      held = held.subarray(4 + size);
      const whatToDo = /^X-Clamd: (.+?)\r?$/m.exec(message)?.[1];
      isOver = size === 0 || whatToDo === "too-large" || whatToDo === "hang-up" || whatToDo === "silent";
      if (isOver) return answer(socket, message, whatToDo);
    }
  });
}

function answer(socket: Socket, message: string, whatToDo: string | undefined): void {
  switch (whatToDo) {
    case "too-large": // As the real one does, before the message has come to its end.
      socket.end("INSTREAM size limit exceeded. ERROR\0");
      return;
    case "hang-up":
      socket.destroy();
      return;
    case "silent":
      return;
    case "slow":
      setTimeout(() => socket.end(verdictOn(message)), 700);
      return;
    case "drip":
      socket.write("str");
      setTimeout(() => socket.write("eam: O"), 50);
      setTimeout(() => socket.end("K\0"), 100);
      return;
    case "flood":
      socket.on("drain", () => socket.write("x".repeat(65_536)));
      socket.write("x".repeat(65_536));
      return;
    case "nonsense":
      socket.end("\xff\xfe\0OK\0");
      return;
    case "count": {
      const [id = ""] = /^Message-ID: .*$/m.exec(message) ?? [];
      scans.set(id, (scans.get(id) ?? 0) + 1);
      socket.end(`stream: ${id === "" ? "OK" : `Seen-${scans.get(id)} FOUND`}\0`);
      return;
    }
    default:
      socket.end(verdictOn(message));
  }
}

const verdictOn = (message: string): string =>
  EICAR.test(message) ? "stream: Eicar-Test-Signature FOUND\0" : "stream: OK\0";
