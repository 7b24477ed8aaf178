import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Ports that nobody listens on. Below those that systems hand out by themselves (32768 in Linux, 49152 elsewhere): a
 * connection of another test could otherwise have got one before the service that is to listen there has started. Each
 * process takes them from a hundred of its own, so that two that look at the same time do not find the same.
 */
export async function freePorts(): Promise<[number, number, number]> {
  return [await freePort(), await freePort(), await freePort()];
}

const [LOWEST, EACH, BLOCKS] = [20_000, 100, 120];
let block: Promise<number> | undefined;
let given = 0;

async function freePort(): Promise<number> {
  block ??= ownBlock();
  const first = await block;
  for (let tries = 0; tries < EACH; tries++) {
    const port = first + (given++ % (EACH - 1));
    const server = await listening(port);
    if (server === null) continue;
    server.close();
    await once(server, "close");
    return port;
  }
  throw new Error(`no port is free from ${first} on`);
}

/** The first port of a hundred that are this process's until it ends: it listens on the last of them for so long. */
async function ownBlock(): Promise<number> {
  for (let tries = 0; tries < BLOCKS; tries++) {
    const first = LOWEST + ((process.pid + tries) % BLOCKS) * EACH;
    const held = await listening(first + EACH - 1);
    if (held === null) continue;
    held.unref();
    return first;
  }
  throw new Error(`no ${EACH} ports are free from ${LOWEST} on`);
}

/** Null where somebody listens there already. */
async function listening(port: number): Promise<Server | null> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  return once(server, "listening").then(
    () => server,
    () => null,
  );
}
