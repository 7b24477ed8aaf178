/**
 * `npm run bench:flood [seconds] [connections] [limits]`: what an account feels of a flood to another one. Bob lists, opens,
 * searches and receives, before, while and after Alice is flooded over SMTP; the two quiet phases say how much of a
 * difference is noise. Once with the limits of `npm start` and once without any. Limits on a source are left out in both,
 * since the flood stands for one from many addresses. `limits`, as RECEIVE_LIMITS has them, stand in for the defaults on a
 * machine that takes less than these in all.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { MessagePage } from "../contract/messages.ts";
import { call, folderOf, logIn, type Service, startService } from "../tests/support/service.ts";
import { connectSmtp, type SmtpClient } from "../tests/support/smtp-client.ts";
import { generate } from "./generate.ts";
import { median, percentile } from "./measure.ts";
import { printTable } from "./table.ts";

const SECONDS = Number(process.argv[2] ?? 10);
const CONNECTIONS = Number(process.argv[3] ?? 50);
/** Of Bob's mailbox before. */
const MESSAGES = 50;
/** He keeps to a pace of his own. */
const RECEIVES_EVERY_MS = 1000;
const ANY_SOURCE = ["connections_per_source", "source_per_minute", "source_burst"].map((name) => `${name}=1000000`);

const KINDS = ["list", "open", "search", "receive"] as const;

const LIMITS = process.argv[4];
await run(
  LIMITS ?? "with the limits of npm start",
  [...ANY_SOURCE, ...(LIMITS === undefined ? [] : [LIMITS])].join(","),
);
await run("without limits", "off");

async function run(name: string, limits: string): Promise<void> {
  const service = await startService({ env: { RECEIVE_LIMITS: limits } });
  const bob = await aReader(service);
  const phases: [string, Samples][] = [["quiet before", await bob.work(SECONDS)]];
  const flood = startFlood(service);
  // What Alice may get at once is let through as fast as it comes; after that she gets her pace.
  phases.push(["flood, its first seconds", await bob.work(SECONDS)]);
  await pause(SECONDS * 1000);
  phases.push(["flood, going on", await bob.work(SECONDS)]);
  const answers = await stopFlood(flood);
  await pause(3000);
  phases.push(["quiet after", await bob.work(SECONDS)]);
  bob.close();
  await service.stop();
  console.log(`\n== ${name}: ${CONNECTIONS} connections flood alice, and were answered ${answers.trim()}`);
  printTable(
    ["p50 / p95 in ms", ...KINDS],
    phases.map(([phase, samples]) => [
      phase,
      ...KINDS.map((kind) => `${median(samples[kind]).toFixed(1)} / ${percentile(samples[kind], 0.95).toFixed(1)}`),
    ]),
  );
}

type Samples = Record<(typeof KINDS)[number], number[]>;

/** Bob, who does one thing after the other. */
async function aReader(service: Service) {
  const { token } = await logIn(service, "bob@mesh.test");
  const inbox = await folderOf(service, token, "inbox");
  const smtp: SmtpClient = await connectSmtp(service.smtp);
  const mail = generate(1_000_000);
  const receive = async () => {
    const one = mail.next().value;
    if (one) await smtp.send(one.from, ["bob@mesh.test"], one.raw);
  };
  for (let n = 0; n < MESSAGES; n++) await receive();
  const get = async (path: string) => {
    const answer = await call(service, "GET", path, { token });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer;
  };
  const list = `/v1/folders/${inbox.id}/messages?limit=50`;
  const id = (await get(list)).json(MessagePage).messages[0]?.id;
  const tasks: Record<keyof Samples, () => Promise<unknown>> = {
    list: () => get(list),
    open: () => get(`/v1/messages/${id}`),
    search: () => get("/v1/search?q=the&limit=50"),
    receive,
  };
  const work = async (seconds: number): Promise<Samples> => {
    const samples: Samples = { list: [], open: [], search: [], receive: [] };
    const end = performance.now() + seconds * 1000;
    let receivedAt = 0;
    while (performance.now() < end) {
      for (const kind of KINDS) {
        const began = performance.now();
        if (kind === "receive" && began - receivedAt < RECEIVES_EVERY_MS) continue;
        if (kind === "receive") receivedAt = began;
        await tasks[kind]();
        samples[kind].push(performance.now() - began);
      }
      await pause(25);
    }
    return samples;
  };
  return { work, close: () => smtp.close() };
}

function startFlood(service: Service): ChildProcess {
  const args = [join(import.meta.dirname, "flood-client.ts"), String(service.smtp), String(CONNECTIONS)];
  return spawn(process.execPath, [...args, "alice@mesh.test"], { stdio: ["ignore", "pipe", "inherit"] });
}

/** What it was answered, and how often. */
async function stopFlood(flood: ChildProcess): Promise<string> {
  let output = "";
  flood.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise((resolve) => flood.once("close", resolve));
  flood.kill("SIGTERM");
  await ended;
  return output;
}
