/**
 * `npm run bench [sizes] [smtp]`: how fast the whole service is as `npm start` runs it, beside `/ping` in the same run, with
 * the numbers of the design; then mail that goes out. Sizes are messages in the mailbox, by default 1,000, 10,000 and 100,000, which takes a
 * quarter of an hour. What is measured inside the object, with rows and prices, follows. With `smtp` mail that comes in is all that is measured.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { Changes } from "../contract/changes.ts";
import { MessagePage } from "../contract/messages.ts";
import { call, folderOf, logIn, startService } from "../tests/support/service.ts";
import { connectSmtp } from "../tests/support/smtp-client.ts";
import { type Generated, generate } from "./generate.ts";
import { bytesUnder, median, percentile } from "./measure.ts";
import { OPTIONS, QUERIES } from "./queries.ts";
import { benchSubmissions } from "./submissions.ts";

const SIZES = (process.argv[2] ?? "1000,10000,100000").split(",").map(Number);
const ONLY_SMTP = process.argv[3] === "smtp";
const CONNECTIONS = 4;
const SAMPLES = 300;

const service = await startService({ env: { RECEIVE_LIMITS: "off" } });
const { token } = await logIn(service, "alice@mesh.test");
const inbox = await folderOf(service, token, "inbox");
console.log(
  `node ${process.version}, ${availableParallelism()} cores, the service and this client on the same machine\n`,
);

const mail = generate(Math.max(...SIZES));
let stored = 0;
for (const size of SIZES) {
  const batch = Array.from({ length: size - stored }, () => mail.next().value).filter((one) => one !== undefined);
  const stateBefore = bytesUnder(service.state);
  const rate = await deliver(batch);
  stored = size;
  const mean = batch.reduce((sum, { raw }) => sum + raw.length, 0) / batch.length;
  console.log(`== ${size} messages in the mailbox (mean ${(mean / 1000).toFixed(1)} kB)`);
  console.log(
    `SMTP to durable and searchable, ${CONNECTIONS} connections: ${rate.toFixed(0)}/s  ${versus(rate, 400, "at least")}`,
  );
  console.log(
    `disk: ${((bytesUnder(service.state) - stateBefore) / batch.length / 1000).toFixed(1)} kB a message, the raw bytes among them`,
  );
  if (ONLY_SMTP) continue;
  await latencies();
  console.log();
}
if (!ONLY_SMTP) await markRead();
await service.stop();
if (ONLY_SMTP) process.exit(0);
await benchSubmissions();
const rows = spawnSync("vitest", ["run", "--config", "bench/vitest.config.ts"], {
  stdio: "inherit",
  env: { ...process.env, BENCH_SIZES: SIZES.join(",") },
});
process.exit(rows.status ?? 1);

async function deliver(batch: Generated[]): Promise<number> {
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    const client = await connectSmtp(service.smtp);
    for (let one = batch[next++]; one !== undefined; one = batch[next++])
      await client.send(one.from, ["alice@mesh.test"], one.raw);
    client.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return batch.length / ((performance.now() - began) / 1000);
}

async function latencies(): Promise<void> {
  const page = (await call(service, "GET", `/v1/folders/${inbox.id}/messages`, { token })).json(MessagePage);
  const one = page.messages[0]?.id;
  const ping = await time("/ping");
  print("GET /ping", ping, ping);
  // What any request costs that asks an object: the token's hash, one call, a little JSON.
  print("the least object call", await time("/v1/changes"), ping);
  print("inbox page of 50", await time(`/v1/folders/${inbox.id}/messages?limit=50`), ping, 1.3);
  print("page collapsed by thread", await time(`/v1/folders/${inbox.id}/messages?limit=50&collapse=thread`), ping, 1.3);
  print("open a message", await time(`/v1/messages/${one}`), ping);
  const { state } = (await call(service, "GET", "/v1/changes", { token })).json(Changes);
  print("changes, the last 10", await time(`/v1/changes?since=${Number(state) - 10}`), ping);
  print("folders", await time("/v1/folders"), ping);
  for (const [name, { q, prefix }] of Object.entries(QUERIES)) {
    const query = new URLSearchParams({ q, limit: "50", ...(prefix ? { prefix: "true" } : {}) });
    print(`search: ${name}`, await time(`/v1/search?${query}`), ping, 2);
  }
  for (const [name, options] of Object.entries(OPTIONS)) {
    print(`search ${name}`, await time(`/v1/search?limit=50&${options}`), ping);
  }
  print("suggestions", await time("/v1/suggestions?q=bab"), ping);
}

async function time(path: string): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES + 20; i++) {
    const began = performance.now();
    const { status } = await call(service, "GET", path, { token });
    if (status !== 200) throw new Error(`${path}: ${status}`);
    if (i >= 20) samples.push(performance.now() - began);
  }
  return samples;
}

function print(name: string, samples: number[], ping: number[], target?: number): void {
  const ratio = median(samples) / median(ping);
  const verdict = target === undefined ? "" : versus(ratio, target, "at most");
  console.log(
    `${name.padEnd(36)} p50 ${median(samples).toFixed(2).padStart(6)} ms  p95 ${percentile(samples, 0.95).toFixed(2).padStart(6)} ms  ${ratio.toFixed(2).padStart(5)} × ping  ${verdict}`,
  );
}

/** One message read after the other, 16 connections. */
async function markRead(): Promise<void> {
  const { messages } = (await call(service, "GET", `/v1/folders/${inbox.id}/messages?limit=100`, { token })).json(
    MessagePage,
  );
  const ids = messages.map(({ id }) => id);
  const began = performance.now();
  const total = 2000;
  let done = 0;
  const worker = async () => {
    while (done < total) {
      const n = done++;
      const is_read = Math.floor(n / ids.length) % 2 === 0;
      await call(service, "PATCH", `/v1/messages/${ids[n % ids.length]}`, { token, body: { is_read } });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const rate = total / ((performance.now() - began) / 1000);
  console.log(`mark one message read, 16 connections: ${rate.toFixed(0)}/s  ${versus(rate, 500, "at least")}\n`);
}

function versus(value: number, target: number, kind: "at least" | "at most"): string {
  const factor = kind === "at least" ? value / target : target / value;
  return factor >= 1
    ? `(${kind} ${target}: reached, ${factor.toFixed(2)} ×)`
    : `(${kind} ${target}: MISSED, ${factor.toFixed(2)} ×)`;
}
