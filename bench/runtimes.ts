/**
 * `npm run bench:runtimes`: the same Worker on each way to run it locally, requests a second for `/ping`. This is what
 * `npm start` was chosen by: docs/decisions/0001-local-runtime.md.
 */
import { spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { createTestHarness } from "wrangler";
import { QUIET_ENVIRONMENT } from "../gateway/runtime.ts";
import { startService } from "../tests/support/service.ts";

const CONNECTIONS = 16;
const SECONDS = 4;

Object.assign(process.env, QUIET_ENVIRONMENT);

await report("npm start: miniflare, direct socket", async () => {
  const service = await startService();
  return { port: service.http, stop: () => service.stop() };
});
await report("wrangler dev", async () => {
  const port = 8899;
  const child = spawn("wrangler", ["dev", "--port", String(port), "--log-level", "warn"], {
    stdio: "ignore",
    detached: true,
  });
  await untilAnswered(port);
  return { port, stop: async () => void process.kill(-(child.pid ?? 0), "SIGTERM") };
});

// Last: closing it ends what else this process would have waited for.
await report("createTestHarness", async () => {
  const server = createTestHarness({ workers: [{ configPath: "./wrangler.toml" }] });
  const { url } = await server.listen();
  return { port: Number(url.port), stop: () => server.close() };
});

process.exit(0);

interface Running {
  port: number;
  stop: () => Promise<unknown>;
}

async function report(name: string, start: () => Promise<Running>): Promise<void> {
  const began = performance.now();
  const { port, stop } = await start();
  const startup = performance.now() - began;
  await pings(port, 1);
  const rate = await pings(port, SECONDS);
  console.log(`${name.padEnd(38)} ${rate.toFixed(0).padStart(6)} pings/s   up in ${(startup / 1000).toFixed(1)} s`);
  await stop();
}

async function pings(port: number, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const worker = async () => {
    while (performance.now() < end) {
      await ping(port, agent);
      count++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return count / seconds;
}

function ping(port: number, agent?: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path: "/ping", ...(agent ? { agent } : {}) }, (incoming) => {
      incoming.resume();
      incoming.on("end", resolve);
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

async function untilAnswered(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const isUp = await ping(port).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nobody answers on ${port}`);
}
