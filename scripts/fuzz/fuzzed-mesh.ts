/** A mesh of its own for a fuzz run: the Worker with both doors, the SMTP listener in front of it, one account. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdminApi } from "../../gateway/admin-api.ts";
import { QUIET_ENVIRONMENT, startRuntime } from "../../gateway/runtime.ts";
import { makeCertificate } from "../../gateway/smtp/certificate.ts";
import { SmtpListener } from "../../gateway/smtp/listener.ts";
import { MeshDoor } from "../../gateway/smtp/mesh-door.ts";
import { guardRuntime } from "../../gateway/supervisor/workerd-guard.ts";
import { SmtpDialogue, stuffed } from "../../gateway/testing/smtp-dialogue.ts";
import { call, logIn, PASSWORD } from "../../tests/support/service.ts";

export const ADDRESS = "fuzz@mesh.test";
const SENDER = "sender@far.example";

export interface FuzzedMesh {
  http: number;
  token: string;
  admin: AdminApi;
  /** Lines of the runtime and the gateway about what should never happen. */
  complaints: string[];
  /** Real SMTP through the gateway. Resolves with the reply's code. */
  smtp(raw: Buffer): Promise<number>;
  /** Cloudflare's door. Resolves with the HTTP status: 200 taken, 422 refused, 5xx a fault. */
  email(raw: Buffer): Promise<number>;
  stop(): Promise<void>;
}

/** Once for this process: the guard would guard itself. */
let isGuarded = false;

const SECRET = "the-secret-of-one-fuzz-run-is-long-enough";

export async function startFuzzedMesh(): Promise<FuzzedMesh> {
  const state = await mkdtemp(join(tmpdir(), "mailmesh-fuzz-"));
  Object.assign(process.env, QUIET_ENVIRONMENT);
  if (!isGuarded) guardRuntime(process.env);
  isGuarded = true;
  const complaints: string[] = [];
  const runtime = await startRuntime({
    host: "127.0.0.1",
    port: 0,
    stateFolder: join(state, "mesh"),
    bindings: {
      ADMIN_SECRET: SECRET,
      INGEST_SECRET: SECRET,
      HOSTNAME: "mesh.test",
      DEPLOYMENT: "local",
      RECEIVE_LIMITS: "off",
    },
    entry: join(import.meta.dirname, "both-doors.ts"),
    verbose: false,
    say: (line) => complaints.push(line),
    onLost: (reason) => complaints.push(`lost: ${reason}`),
  });
  const url = `http://127.0.0.1:${runtime.port}`;
  const admin = new AdminApi(url, SECRET);
  await admin.createDomain("mesh.test");
  await admin.createAccount({ email: ADDRESS, password: PASSWORD });
  const { token } = await logIn({ http: runtime.port }, ADDRESS);
  const door = new MeshDoor({ url, ingestSecret: SECRET });
  const report = (line: string) => void complaints.push(line);
  const listener = new SmtpListener({
    ...{ hostname: "mesh.test", certificate: await makeCertificate("mesh.test"), door, report, limits: null },
  });
  const port = await listener.start(0, "127.0.0.1");
  return {
    ...{ http: runtime.port, token, admin, complaints },
    smtp: smtpSender(port),
    email: async (raw) => {
      const path = `/email?from=${encodeURIComponent(SENDER)}&to=${encodeURIComponent(ADDRESS)}`;
      return (await call({ http: runtime.port }, "POST", path, { body: raw })).status;
    },
    stop: async () => {
      await listener.stop(500);
      door.close();
      await runtime.dispose();
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** One connection for all messages, with the very bytes: clients that are well behaved mend what is damaged. */
function smtpSender(port: number): FuzzedMesh["smtp"] {
  let dialogue: SmtpDialogue | null = null;
  return async (raw) => {
    dialogue ??= await SmtpDialogue.open(port);
    await dialogue.data(SENDER, ADDRESS);
    dialogue.write(stuffed(raw));
    return Number.parseInt(await dialogue.say("."), 10);
  };
}

/** Bytes that the runtime's processes hold in memory now; null where the system has no /proc. */
export async function runtimeMemory(): Promise<number | null> {
  const all = await readdir("/proc").catch(() => null);
  if (all === null) return null;
  const processes = await Promise.all(all.filter((name) => /^\d+$/.test(name)).map(readProcess));
  const known = new Map(processes.flatMap((one) => (one === null ? [] : [[one.pid, one]])));
  const isOurs = (pid: number): boolean =>
    pid === process.pid || (known.has(pid) && isOurs(known.get(pid)?.parent ?? 0));
  const workers = [...known.values()].filter(({ name, pid }) => name === "workerd" && isOurs(pid));
  return workers.reduce((sum, { resident }) => sum + resident, 0);
}

async function readProcess(pid: string) {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => null);
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status ?? "")?.[1];
  if (status === null) return null;
  const resident = Number(field("VmRSS") ?? 0) * 1024;
  return { pid: Number(pid), name: field("Name") ?? "", parent: Number(field("PPid")), resident };
}
