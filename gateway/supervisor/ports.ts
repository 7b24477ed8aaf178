/** Are the ports free? Asked before anything starts, so that the answer is one line and not a half-started mesh. */
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface WantedPort {
  /** The environment variable that changes it. */
  variable: string;
  port: number;
  host: string;
}

export class PortTaken extends Error {
  constructor(wanted: WantedPort, code: string) {
    super(`${reasonFor(code)}: port ${wanted.port} on ${wanted.host}. Set ${wanted.variable} to another one.`);
  }
}

/** Waits for as long as `patienceMilliseconds`: after a kill the old runtime needs a moment to go. */
export async function requireFreePorts(wanted: WantedPort[], patienceMilliseconds: number): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  for (const one of wanted) {
    while (true) {
      const code = await tryToListen(one);
      if (code === undefined) break;
      if (code !== "EADDRINUSE" || Date.now() >= deadline) throw new PortTaken(one, code);
      await sleep(50);
    }
  }
}

/** Somebody may take a port between the question and the start. The answer is the same line then. */
export async function onPort<T>(wanted: WantedPort, starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE" || code === "ERR_ADDRESS_IN_USE") throw new PortTaken(wanted, "EADDRINUSE");
    throw error;
  }
}

/** The system's error code, or nothing when the port could be had. */
function tryToListen({ port, host }: WantedPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

function reasonFor(code: string): string {
  switch (code) {
    case "EADDRINUSE":
      return "Already in use";
    case "EACCES":
      return "Not permitted";
    default:
      return `Cannot be used (${code})`;
  }
}
