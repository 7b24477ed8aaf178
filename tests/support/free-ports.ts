import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports that nobody listens on. Below those that systems hand out by themselves (32768 in Linux, 49152 elsewhere): a
 * connection of another test could otherwise have got one before the service that is to listen there has started.
 */
export async function freePorts(): Promise<[number, number, number]> {
  return [await freePort(), await freePort(), await freePort()];
}

const given = new Set<number>();

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (given.has(port)) continue;
    given.add(port);
    const server = createServer();
    server.listen(port, "127.0.0.1");
    const taken = await Promise.race([
      once(server, "listening").then(() => false),
      once(server, "error").then(() => true),
    ]);
    if (taken) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
