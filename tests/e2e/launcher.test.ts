/** `npm start` as a process: what it says, how it stops, and what is left when it is killed. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SmtpDialogue } from "../../gateway/testing/smtp-dialogue.ts";
import { freePorts } from "../support/free-ports.ts";

const ROOT = join(import.meta.dirname, "../..");
const START = [process.execPath, "gateway/start.ts"];
/** The Node of the project first, as under `npm run`. */
const PATH = `${join(ROOT, "node_modules/.bin")}:${process.env.PATH}`;

interface Launched {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  exit: Promise<number | null>;
}

let state: string;
let env: Record<string, string>;
let launched: Launched[] = [];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "mailmesh-launcher-"));
  const [http, smtp, sink] = await freePorts();
  env = { MAILMESH_STATE: state, PORT: String(http), SMTP_PORT: String(smtp), SINK_PORT: String(sink) };
});

afterEach(async () => {
  for (const { child, exit } of launched) {
    child.kill("SIGKILL");
    await exit;
  }
  launched = [];
  await rm(state, { recursive: true, force: true, maxRetries: 5 });
});

function launch(command = START, more: Record<string, string> = {}): Launched {
  const [program = "", ...args] = command;
  // What npm tells the test runner is not for the launcher.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  const child = spawn(program, args, { cwd: ROOT, env: { ...Object.fromEntries(inherited), PATH, ...env, ...more } });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
  const one = { child, exit, stdout: () => texts.stdout, stderr: () => texts.stderr };
  launched.push(one);
  return one;
}

async function untilReady(one: Launched): Promise<Launched> {
  const gone = one.exit.then((code) => `ended with ${code}: ${one.stderr()}`);
  const ready = until(() => /^ready /m.test(one.stdout()), 60).then(() => "ready");
  expect(await Promise.race([gone, ready])).toBe("ready");
  return one;
}

const start = (more: Record<string, string> = {}) => untilReady(launch(START, more));

async function until(isSo: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** All processes below one, by `ps`, which Linux and macOS both have. The dead that wait for init do not count. */
function processes(): { pid: number; parent: number; command: string }[] {
  const lines = execFileSync("ps", ["-Ao", "pid=,ppid=,stat=,args="], { encoding: "utf8" }).trim().split("\n");
  return lines.flatMap((line) => {
    const [pid, parent, status = "", ...command] = line.trim().split(/\s+/);
    return status.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), command: command.join(" ") }];
  });
}

function familyOf(pid: number | undefined): number[] {
  const all = processes();
  const below = (parent: number): number[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one.pid, ...below(one.pid)]);
  return pid === undefined ? [] : [pid, ...below(pid)];
}

const alive = (pids: number[]) => processes().filter((one) => pids.includes(one.pid));

const ping = async () => (await fetch(`http://127.0.0.1:${env.PORT}/ping`)).status;

describe("a start", () => {
  it("says ready, alone on standard output, when every door answers, and keeps its state folder for itself", async () => {
    const one = await start();
    expect(one.stdout()).toBe(`ready http://127.0.0.1:${env.PORT} smtp://127.0.0.1:${env.SMTP_PORT}\n`);
    expect(await ping()).toBe(200);
    for (const port of [env.SMTP_PORT, env.SINK_PORT]) {
      const client = await SmtpDialogue.open(Number(port));
      expect(await client.say("NOOP")).toMatch(/^250 /);
      client.end();
    }
    const [http, smtp, sink] = await freePorts();
    const second = launch(START, { PORT: String(http), SMTP_PORT: String(smtp), SINK_PORT: String(sink) });
    expect(await second.exit).toBe(1);
    expect(second.stderr()).toContain(`already running on ${state} (process ${one.child.pid}`);
    expect(await ping()).toBe(200);
  });

  it.each([["PORT"], ["SMTP_PORT"], ["SINK_PORT"]])(
    "on a taken %s names it in one line and leaves nothing",
    async (name) => {
      const server = await listen(Number(env[name]));
      const one = launch();
      expect(await one.exit).toBe(1);
      expect([one.stdout(), one.stderr()]).toEqual([
        "",
        `Already in use: port ${env[name]} on 127.0.0.1. Set ${name} to another one.\n`,
      ]);
      server.close();
    },
  );

  it("with settings that cannot be is refused", async () => {
    const one = launch(START, { PORT: "eighty" });
    expect([await one.exit, one.stdout(), one.stderr()]).toEqual([
      1,
      "",
      'PORT must be a whole number (it is "eighty")\n',
    ]);
  });
});

describe("stopping", () => {
  it("by each signal ends everything within 3 s, in good order, and the next start has the same passwords", async () => {
    const first = await start();
    const [, password = ""] = /alice@mesh\.test +(\S+)/.exec(first.stderr()) ?? [];
    expect((await stat(join(state, "secrets.json"))).mode & 0o777).toBe(0o600);
    await stopsBy("SIGTERM", first);
    const second = await start();
    expect(second.stderr()).not.toContain("alice@mesh.test");
    expect(await statusOfLogin("alice@mesh.test", password)).toBe(201);
    await stopsBy("SIGINT", second);
    await stopsBy("SIGHUP", await start());
  }, 90_000);

  it("while it is still starting leaves nothing either", async () => {
    const one = launch();
    await until(() => familyOf(one.child.pid).length > 1, 30);
    const family = familyOf(one.child.pid);
    one.child.kill("SIGTERM");
    expect(await one.exit).toBe(0);
    await until(() => alive(family).length === 0, 2);
  });
});

describe("kill -9", () => {
  it("of the launcher takes the runtime along, and the next start goes on at once; of the runtime, a new one does", async () => {
    const one = await start();
    const family = familyOf(one.child.pid);
    one.child.kill("SIGKILL");
    const next = await start();
    expect(alive(family)).toEqual([]);

    const runtime = processes().find(
      (candidate) => candidate.parent === next.child.pid && /workerd/.test(candidate.command),
    );
    if (runtime === undefined) throw new Error("there is no runtime");
    const guards = familyOf(runtime.pid);
    process.kill(runtime.pid, "SIGKILL");
    await until(() => next.stderr().includes("is being started again"), 10);
    await until(
      () =>
        ping().then(
          (status) => status === 200,
          () => false,
        ),
      20,
    );
    await until(() => alive(guards).length === 0, 2);
  }, 90_000);

  it("of npm takes everything along", async () => {
    const npm = await untilReady(launch(["npm", "start"]));
    const family = familyOf(npm.child.pid);
    expect(family.length).toBeGreaterThan(2);
    npm.child.kill("SIGKILL");
    await until(() => alive(family).length === 0, 3);
  });
});

async function stopsBy(signal: "SIGTERM" | "SIGINT" | "SIGHUP", one: Launched): Promise<void> {
  const family = familyOf(one.child.pid);
  expect(family.length).toBeGreaterThan(1);
  const client = await SmtpDialogue.open(Number(env.SMTP_PORT));
  const asked = Date.now();
  one.child.kill(signal);
  expect(await client.reply()).toMatch(/^421 /);
  expect(await one.exit).toBe(0);
  expect(Date.now() - asked).toBeLessThan(3_000);
  await until(() => alive(family).length === 0, 1);
  expect(await readdir(join(state, "run"))).toEqual([]);
}

async function statusOfLogin(email: string, password: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${env.PORT}/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  return answer.status;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
