/** The whole service as `npm start` runs it, on ports and in a state folder of its own, and a client for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Folder, type FolderRole } from "../../contract/folders.ts";
import { Session } from "../../contract/sessions.ts";
import { freePorts } from "./free-ports.ts";

export const PASSWORD = "demo-password-of-the-tests";

export interface Service {
  state: string;
  http: number;
  smtp: number;
  sink: number;
  url: string;
  process: ChildProcess;
  output(): string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

export interface ServiceOptions {
  /** Go on with the state and the ports of an earlier run. */
  after?: Pick<Service, "state" | "http" | "smtp" | "sink">;
  env?: Record<string, string>;
}

/** Starts it and waits for the `ready` line. */
export async function startService({ after, env = {} }: ServiceOptions = {}): Promise<Service> {
  const state = after?.state ?? (await mkdtemp(join(tmpdir(), "mailmesh-")));
  const [http, smtp, sink] = after ? [after.http, after.smtp, after.sink] : await freePorts();
  const child = spawn(process.execPath, ["gateway/start.ts"], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      MAILMESH_STATE: state,
      PORT: String(http),
      SMTP_PORT: String(smtp),
      SINK_PORT: String(sink),
      DEMO_PASSWORD: PASSWORD,
      // No test asks the DNS of the world.
      INBOUND_AUTHENTICATION: "off",
      ...env,
    },
  });
  // A test that fails before it stops its service must not leave it behind.
  const killLeftover = () => void child.kill("SIGTERM");
  process.once("exit", killLeftover);
  child.once("exit", () => process.off("exit", killLeftover));
  let output = "";
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (/^ready /m.test(output)) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => reject(new Error(`the service ended with ${code} before it was ready:\n${output}`)));
  });
  await ready;
  return {
    ...{ state, http, smtp, sink, url: `http://127.0.0.1:${http}`, process: child },
    output: () => output,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners("exit");
        child.on("exit", resolve);
        child.kill("SIGTERM");
      }),
  };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
  json<T>(schema: z.ZodType<T>): T;
}

/** Keep-alive connections, as a browser or an app holds them. */
const agent = new Agent({ keepAlive: true });

export function call(
  service: Pick<Service, "http">,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...{ agent, method, path, host: "127.0.0.1", port: service.http },
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(payload === undefined ? {} : { "content-type": "application/json", "content-length": payload.length }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const json = <T>(schema: z.ZodType<T>) => schema.parse(JSON.parse(bytes.toString()));
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, bytes, json });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

export async function logIn(service: Pick<Service, "http">, email: string, password = PASSWORD) {
  const answer = await call(service, "POST", "/v1/sessions", { body: { email, password } });
  if (answer.status !== 201) throw new Error(`login failed: ${answer.status} ${answer.bytes}`);
  return answer.json(Session);
}

export async function folderOf(service: Pick<Service, "http">, token: string, role: FolderRole): Promise<Folder> {
  const folders = (await call(service, "GET", "/v1/folders", { token })).json(z.array(Folder));
  const folder = folders.find((candidate) => candidate.role === role);
  if (folder === undefined) throw new Error(`no folder ${role}`);
  return folder;
}

export async function eventually<T>(check: () => Promise<T | false | null | undefined>, seconds = 10): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
