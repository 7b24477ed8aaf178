/** The parts of a running mesh, started in the order in which they need each other. Each leaves behind how it ends. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AdminApi } from "../admin-api.ts";
import type { Authenticator } from "../authentication/authenticator.ts";
import { announceReady, say } from "../output.ts";
import { QUIET_ENVIRONMENT, type Runtime, startRuntime } from "../runtime.ts";
import type { Settings } from "../settings.ts";
import { OutgoingSink } from "../sink/sink.ts";
import { makeCertificate, readCertificate } from "../smtp/certificate.ts";
import { SmtpListener } from "../smtp/listener.ts";
import { MeshDoor } from "../smtp/mesh-door.ts";
import { loadSecrets, SECRETS_FILE, type Secrets, type StateFolder } from "../state.ts";
import { seedingIsDone, seedOnce } from "./first-start.ts";
import { onPort, requireFreePorts } from "./ports.ts";
import { smtpAnswers, untilHttpAnswers } from "./probe.ts";
import type { StopRequest } from "./stop-request.ts";
import { guardRuntime } from "./workerd-guard.ts";

export type Closer = () => Promise<void>;

export interface Launch {
  settings: Settings;
  state: StateFolder;
  stop: StopRequest;
  closers: Closer[];
  environment: NodeJS.ProcessEnv;
  /** The launcher before this one was killed: its runtime may hold the ports for a moment. */
  afterKill: boolean;
  report: (line: string) => void;
}

const LOOPBACK = "127.0.0.1";
const CRON_EVERY_MILLISECONDS = 60_000;
/** How long each part may take to its first answer, on a machine that is busy with other things. */
const PATIENCE_MILLISECONDS = 30_000;

export async function startParts(launch: Launch): Promise<void> {
  const { settings, state } = launch;
  const secrets = await loadSecrets(state);
  await state.clearRun();
  await requireFreePorts(Object.values(portsOf(settings)), launch.afterKill ? 3_000 : 0);

  // Its package takes a while to load: meanwhile the others start.
  const authenticator = startAuthenticator(launch);
  const sinkPort = await startSink(launch);
  const runtime = await startMesh(launch, secrets, sinkPort);
  if (launch.stop.isRequested) return;
  // An address that stands for all of this machine's is none to connect to.
  const reachable = ["0.0.0.0", "::"].includes(settings.host) ? LOOPBACK : settings.host;
  const url = `http://${inUrl(reachable)}:${runtime.port}`;
  await untilHttpAnswers(url, PATIENCE_MILLISECONDS);
  await seed(launch, new AdminApi(url, secrets.admin_secret));
  const smtpPort = await startSmtp(launch, url, secrets, await authenticator);
  await Promise.all([
    smtpAnswers(reachable, smtpPort, PATIENCE_MILLISECONDS),
    smtpAnswers(LOOPBACK, sinkPort, PATIENCE_MILLISECONDS),
  ]);
  startCron(launch, runtime);
  if (launch.stop.isRequested) return;
  announceReady(`ready ${url} smtp://${inUrl(reachable)}:${smtpPort}`);
}

function portsOf({ host, httpPort, smtpPort, sinkPort }: Settings) {
  return {
    http: { variable: "PORT", port: httpPort, host },
    smtp: { variable: "SMTP_PORT", port: smtpPort, host },
    sink: { variable: "SINK_PORT", port: sinkPort, host: LOOPBACK },
  };
}

async function startSink({ settings, state, closers, report }: Launch): Promise<number> {
  const sink = new OutgoingSink({ folder: state.sink, hostname: settings.hostname, report });
  const port = await onPort(portsOf(settings).sink, sink.start(settings.sinkPort));
  closers.push(() => sink.stop(200));
  return port;
}

async function startMesh(launch: Launch, secrets: Secrets, sinkPort: number): Promise<Runtime> {
  const { settings, state, stop, environment, closers } = launch;
  // miniflare keeps temporary files while it runs. Here the next start finds and clears them after a kill.
  Object.assign(environment, QUIET_ENVIRONMENT, { TMPDIR: state.run });
  guardRuntime(environment);
  const starting = startRuntime({
    host: settings.host,
    port: settings.httpPort,
    stateFolder: state.mesh,
    bindings: {
      ADMIN_SECRET: secrets.admin_secret,
      INGEST_SECRET: secrets.ingest_secret,
      RELAY_URL: settings.relayUrl ?? `smtp://${LOOPBACK}:${sinkPort}`,
      HOSTNAME: settings.hostname,
      DEPLOYMENT: "local",
      PUBLIC_URL: `http://${inUrl(settings.host)}:${settings.httpPort}`,
      ...settings.workerVariables,
    },
    verbose: settings.verbose,
    say,
    onLost: (reason) => stop.stop({ exitCode: 1, line: `The runtime is lost: ${reason}` }),
  });
  const runtime = await onPort(portsOf(settings).http, starting);
  closers.push(() => Promise.race([runtime.dispose(), sleep(700)]));
  return runtime;
}

async function seed({ settings, state }: Launch, api: AdminApi): Promise<void> {
  const made = await seedOnce(state, api, settings.demoPassword);
  if (made.length === 0) return;
  say("First start. Two accounts to try it with:");
  for (const { email, password } of made) say(`  ${email}  ${password}`);
  say(`The operator signs in at /admin, with the admin_secret of ${join(state.root, SECRETS_FILE)}`);
  await seedingIsDone(state);
}

async function startAuthenticator({ settings, closers }: Launch): Promise<Authenticator | undefined> {
  const { authentication, hostname } = settings;
  if (authentication === null) return undefined;
  const { Authenticator } = await import("../authentication/authenticator.ts");
  const authenticator = new Authenticator({ hostname, ...authentication });
  closers.push(async () => authenticator.close());
  return authenticator;
}

async function startSmtp(
  { settings, closers, report }: Launch,
  url: string,
  secrets: Secrets,
  authenticator: Authenticator | undefined,
): Promise<number> {
  const files = settings.certificateFiles;
  const certificate = files === undefined ? makeCertificate(settings.hostname) : readCertificate(files);
  const door = new MeshDoor({ url, ingestSecret: secrets.ingest_secret });
  const { hostname, receiveLimits: limits } = settings;
  const options = { hostname, certificate: await certificate, door, authenticator, report, limits };
  const listener = new SmtpListener(options);
  const port = await onPort(portsOf(settings).smtp, listener.start(settings.smtpPort, settings.host));
  closers.push(async () => {
    await listener.stop(1_500);
    door.close();
  });
  return port;
}

/** Cron triggers fire once a minute on Cloudflare; here the launcher is the clock. */
function startCron({ closers, report, stop }: Launch, runtime: Runtime): void {
  let underWay = false;
  const fire = () => {
    if (underWay) return;
    underWay = true;
    runtime
      .runCron()
      .catch((error: Error) => {
        if (!stop.isRequested) report(`cron: ${error.message}`);
      })
      .finally(() => {
        underWay = false;
      });
  };
  const timer = setInterval(fire, CRON_EVERY_MILLISECONDS);
  closers.push(async () => clearInterval(timer));
  fire();
}

/** RFC 3986 §3.2.2: an IPv6 address stands in brackets. */
function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
