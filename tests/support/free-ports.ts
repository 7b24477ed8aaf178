import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports that nobody listens on. Below those that systems hand out by themselves (32768 in Linux, 49152 elsewhere): a
 * connection of another test could otherwise have got one before the service that is to listen there has started. Each
 * process takes them from a hundred of its own, so that two that look at the same time do not find the same.
 */
export async function freePorts(): Promise<[number, number, number]> {
  return [await freePort(), await freePort(), await freePort()];
}

const [LOWEST, EACH, BLOCKS] = [20_000, 100, 120];
const first = LOWEST + (process.pid % BLOCKS) * EACH;
let given = 0;

async function freePort(): Promise<number> {
  for (let tries = 0; tries < EACH; tries++) {
    const port = first + (given++ % EACH);
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
  throw new Error(`no port is free from ${first} on`);
}
