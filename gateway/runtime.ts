/**
 * The Worker on the embedded runtime: bundled by esbuild, configured by wrangler.toml, run by miniflare's workerd.
 *
 * HTTP is a direct socket on the Worker's named entrypoint `mesh`. Measured with 16 connections: 9,300 pings a second
 * there, 1,600 through miniflare's entry socket and its asset router, 800 under `wrangler dev`.
 */
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { Miniflare } from "miniflare";
import { isForOperator } from "./runtime-log.ts";
import { PROJECT_ROOT } from "./settings.ts";

export interface RuntimeOptions {
  host: string;
  port: number;
  /** Where objects and R2 live. */
  stateFolder: string;
  /** Plain bindings, over those of wrangler.toml. */
  bindings: Record<string, string>;
  /** Another module in place of wrangler.toml's `main`: the fuzz run's, with both doors within reach. */
  entry?: string;
  verbose: boolean;
  say: (line: string) => void;
  /** The runtime ended and could not be started again. */
  onLost: (reason: string) => void;
}

export interface Runtime {
  /** The port of HTTP, which `port: 0` leaves to the system. */
  port: number;
  /** Fires the Worker's scheduled handler, which miniflare never does by itself. */
  runCron: () => Promise<void>;
  dispose: () => Promise<void>;
}

const ENTRYPOINT = "mesh";
/** As wrangler.toml has it, which is bundled before that is read. */
const MAIN = "workers/index.ts";

/** A runtime that ends this often within a minute will not get better by being started again. */
const MAX_RESTARTS_A_MINUTE = 5;

/**
 * Silence and speed, all of it together: no request to Cloudflare for a `cf` object, no metrics, no banner, no local
 * observability, which alone halves the requests a second. Read by wrangler and miniflare when they are imported.
 */
export const QUIET_ENVIRONMENT = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_TELEMETRY_DISABLED: "1",
  WRANGLER_HIDE_BANNER: "true",
  X_LOCAL_OBSERVABILITY: "false",
};

const PUBLIC_NETWORK = {
  allow: ["public"],
  // Without certificates of the system on Windows, as miniflare has it for the Worker's own fetch.
  tlsOptions: { trustBrowserCas: true, trustedCertificates: process.platform === "win32" ? [...rootCertificates] : [] },
};

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  // Another process bundles while these are imported, which takes a second. Only wrangler can translate wrangler.toml: half
  // of that second, and no cache to keep right.
  const [script, { Miniflare, convertV4MiniflareOptions, Log, LogLevel }, { unstable_getMiniflareWorkerOptions }] =
    await Promise.all([bundle(options.entry ?? MAIN), import("miniflare"), import("wrangler")]);
  const { workerOptions, main } = unstable_getMiniflareWorkerOptions(join(PROJECT_ROOT, "wrangler.toml"));
  if (main !== join(PROJECT_ROOT, MAIN)) throw new Error(`wrangler.toml names ${main} as its main`);

  const restarts = new RestartCount();
  class OperatorLog extends Log {
    override warn(message: string): void {
      const crashed = message.includes("runtime crashed");
      options.say(crashed ? "The runtime ended unexpectedly and is being started again." : message);
      if (crashed && restarts.add() > MAX_RESTARTS_A_MINUTE) options.onLost("The runtime keeps ending.");
    }
    override error(error: Error): void {
      if ("code" in error && error.code === "ERR_RUNTIME_FAILURE") options.onLost(error.message);
      else options.say(error.message);
    }
  }

  const settings = convertV4MiniflareOptions({
    ...workerOptions,
    name: "mailmesh",
    rootPath: PROJECT_ROOT,
    modules: [{ type: "ESModule", path: "index.js", contents: script }],
    bindings: Object.assign({}, workerOptions.bindings, options.bindings),
    // The Worker's own fetch reaches this machine and its network too, since a relay may be there. Addresses that
    // strangers wrote are asked over this one, which connects to public addresses only, whatever a name resolves to.
    serviceBindings: Object.assign({}, workerOptions.serviceBindings, { OUTSIDE: { network: PUBLIC_NETWORK } }),
    host: "127.0.0.1",
    port: 0,
    cf: false,
    resourcePersistencePath: options.stateFolder,
    unsafeDirectSockets: [{ host: options.host, port: options.port, entrypoint: ENTRYPOINT }],
    telemetry: { enabled: false },
    log: new OperatorLog(LogLevel.WARN),
    handleStructuredLogs: (line) => {
      if (options.verbose || isForOperator(line)) options.say(line.message);
    },
  });
  const miniflare = withoutSignalHandlers(() => new Miniflare(settings));
  try {
    await miniflare.ready;
    const { port } = await miniflare.unsafeGetDirectURL("mailmesh", ENTRYPOINT);
    return { port: Number(port), runCron: () => runCron(miniflare), dispose: () => miniflare.dispose() };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

async function bundle(entry: string): Promise<string> {
  const { build, stop } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: PROJECT_ROOT,
    bundle: true,
    format: "esm",
    target: "es2024",
    write: false,
    // It is on no disk that an editor could open. A quarter less of it is copied, parsed and compiled; names stay.
    minifyWhitespace: true,
    logLevel: "silent",
    external: ["cloudflare:*", "node:*"],
    alias: { buffer: join(import.meta.dirname, "worker-buffer.ts") },
    conditions: ["workerd", "worker", "browser"],
    // Migrations are SQL files that are bundled as text, by a rule of wrangler.toml.
    loader: { ".sql": "text" },
  });
  // esbuild's service would stay beside us until the end.
  await stop();
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`${entry} bundles to nothing`);
  return output.text;
}

async function runCron(miniflare: Miniflare): Promise<void> {
  const worker = await miniflare.getWorker();
  const { outcome } = await worker.scheduled({ cron: "* * * * *" });
  if (outcome !== "ok") throw new Error(`the scheduled handler ended with ${outcome}`);
}

/**
 * miniflare ends the process at SIGINT and SIGTERM, at once and with a failure, before a message on its way can arrive.
 * The launcher answers these signals itself. What miniflare does at `exit`, killing workerd, stays.
 */
function withoutSignalHandlers<T>(construct: () => T): T {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const ours = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
  const constructed = construct();
  for (const [signal, known] of ours) {
    for (const listener of process.listeners(signal)) if (!known.has(listener)) process.off(signal, listener);
  }
  return constructed;
}

class RestartCount {
  #times: number[] = [];

  /** Counts one, and returns how many there were in the last minute. */
  add(): number {
    const now = Date.now();
    this.#times = [...this.#times.filter((time) => now - time < 60_000), now];
    return this.#times.length;
  }
}
