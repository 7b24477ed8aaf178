/** Does it answer? The launcher says `ready` only after asking each door the way a client would. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** `GET /ping` answers 200. */
export async function untilHttpAnswers(url: string, patienceMilliseconds: number): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  while (true) {
    const left = deadline - Date.now();
    const problem = await pingProblem(`${url}/ping`, Math.max(left, 1));
    if (problem === undefined) return;
    if (left <= 0) throw new Error(`${url}/ping does not answer: ${problem}`);
    await sleep(50);
  }
}

async function pingProblem(url: string, timeoutMilliseconds: number): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMilliseconds) });
    await response.body?.cancel();
    return response.status === 200 ? undefined : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** RFC 5321 §4.3.1: the server speaks first, with 220. */
export function smtpAnswers(host: string, port: number, patienceMilliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    const end = (problem?: string) => {
      socket.destroy();
      if (problem === undefined) resolve();
      else reject(new Error(`SMTP on port ${port} does not answer: ${problem}`));
    };
    socket.setTimeout(patienceMilliseconds, () => end("no greeting"));
    socket.once("error", (error) => end(error.message));
    socket.once("data", (greeting) => {
      if (!greeting.toString("latin1").startsWith("220")) return end(greeting.toString("latin1").trim());
      socket.write("QUIT\r\n");
      end();
    });
  });
}
