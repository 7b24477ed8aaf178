/**
 * `npm run deploy -- --hostname mail.example.org`: everything that wrangler can do to put Mailmesh on Cloudflare. Each
 * step shows its command first and may be repeated; what is there already stays as it is.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";

const ROOT = resolve(import.meta.dirname, "..");
const SECRETS = ["ADMIN_SECRET", "INGEST_SECRET"] as const;

/** RFC 1123 §2.1, in A-labels. */
const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*$/i;

const HELP = `Usage: npm run deploy -- --hostname NAME [--dry-run]

  --hostname NAME   the name that the mesh gives itself in Received fields, EHLO and
                    Message-IDs. Remembered for the next deploy from this folder.
  --dry-run         show the steps, do none`;

/** Wrangler said no; it has said why itself. */
class StepFailed extends Error {}

function main(args: string[]): number {
  const options = parseOptions(args);
  if (typeof options === "number") return options;
  const hostname = options.hostname ?? recallHostname() ?? (options.dryRun ? "NAME" : "");
  if (!HOST_NAME.test(hostname)) {
    console.error(`${hostname === "" ? "Under which name? Give it once" : "This is not a host name"}.\n\n${HELP}`);
    return 2;
  }
  try {
    deploy(hostname, options.dryRun);
    return 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`\n${error.message}`);
    return 1;
  }
}

/** Or the exit code, where there is nothing to do. */
function parseOptions(args: string[]) {
  try {
    const options = {
      hostname: { type: "string" },
      "dry-run": { type: "boolean" },
      help: { type: "boolean" },
    } as const;
    const { values } = parseArgs({ args, options });
    if (!values.help) return { hostname: values.hostname, dryRun: values["dry-run"] === true };
    console.log(HELP);
    return 0;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    return 2;
  }
}

const Queue = z.object({ queue: z.string(), dead_letter_queue: z.string().optional() });
/** What wrangler.toml says there must be. */
const Config = z.object({
  r2_buckets: z.array(z.object({ bucket_name: z.string() })),
  queues: z.object({ producers: z.array(Queue), consumers: z.array(Queue) }),
});

function deploy(hostname: string, dryRun: boolean): void {
  const config = Config.parse(unstable_readConfig({ config: join(ROOT, "wrangler.toml") }));
  const buckets = config.r2_buckets.map((bucket) => bucket.bucket_name);
  const { producers, consumers } = config.queues;
  const queues = new Set(
    [...producers, ...consumers].flatMap((one) => [one.queue, one.dead_letter_queue ?? []].flat()),
  );

  if (!dryRun) requireLogin();
  for (const bucket of buckets) createUnlessThere(["r2", "bucket"], bucket, dryRun);
  for (const queue of queues) createUnlessThere(["queues"], queue, dryRun);
  run(["deploy", "--var", `HOSTNAME:${hostname}`], dryRun);
  const made = setMissingSecrets(dryRun);
  if (!dryRun) rememberHostname(hostname);
  for (const line of nextSteps(made, dryRun)) console.log(line);
}

function requireLogin(): void {
  const { output, status } = capture(["whoami"]);
  if (status !== 0 || /not authenticated/i.test(output)) {
    throw new StepFailed("Not logged in to Cloudflare. Run: npx wrangler login (or set CLOUDFLARE_API_TOKEN)");
  }
}

/** A failure to create is asked about, because its words for "exists already" differ from service to service. */
function createUnlessThere(kind: string[], name: string, dryRun: boolean): void {
  show([...kind, "create", name]);
  if (dryRun) return;
  const { output, status } = capture([...kind, "create", name]);
  if (status !== 0 && capture([...kind, "info", name]).status !== 0) {
    console.error(output);
    throw new StepFailed(`Could not be created: ${name}`);
  }
  console.log(status === 0 ? "  created" : "  exists already");
}

const SecretList = z.array(z.object({ name: z.string() }));

/** Returns the admin secret when it was made now. Secrets travel through standard input: a command line can be seen. */
function setMissingSecrets(dryRun: boolean): string | undefined {
  const present = dryRun ? [] : listSecrets();
  let admin: string | undefined;
  for (const name of SECRETS) {
    if (present.includes(name)) continue;
    const value = randomBytes(32).toString("base64url");
    run(["secret", "put", name], dryRun, value);
    if (name === "ADMIN_SECRET" && !dryRun) admin = value;
  }
  return admin;
}

function listSecrets(): string[] {
  const command = ["secret", "list", "--format", "json"];
  show(command);
  const { output, status } = capture(command, "stdout");
  // To take an unreadable list for an empty one would replace the secrets that are in use.
  const list = SecretList.safeParse(status === 0 ? parseJson(output) : undefined);
  if (!list.success) throw new StepFailed("The secrets could not be listed");
  return list.data.map((secret) => secret.name);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nextSteps(adminSecret: string | undefined, dryRun: boolean): string[] {
  if (dryRun) return ["", "Nothing was done (--dry-run)."];
  return [
    "",
    ...(adminSecret === undefined
      ? []
      : ["The admin secret. It is shown only now, so keep it:", "", `  ${adminSecret}`, ""]),
    "Next, with the address that wrangler printed above:",
    "  export MAILMESH_URL=https://…  MAILMESH_ADMIN_SECRET=…",
    "  npm run admin -- create-domain example.org",
    "  npm run admin -- create-account you@example.org",
    "then let mail in and out: docs/deploy.md from step 3.",
    "To be alerted when mail waits for too long: npx wrangler secret put ALERT_WEBHOOK_URL",
  ];
}

function run(command: string[], dryRun: boolean, input?: string): void {
  show(command);
  if (dryRun) return;
  const stdin = input === undefined ? "inherit" : "pipe";
  const { status } = spawnSync("wrangler", command, { ...inProject(), stdio: [stdin, "inherit", "inherit"], input });
  if (status !== 0) throw new StepFailed(`wrangler ${command[0]} failed`);
}

function capture(command: string[], which: "stdout" | "both" = "both"): { output: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync("wrangler", command, { ...inProject(), encoding: "utf8" });
  return { output: which === "stdout" ? stdout : `${stdout}${stderr}`, status };
}

function show(command: string[]): void {
  console.log(`wrangler ${command.join(" ")}`);
}

/** The project's own wrangler, on the project's own Node, however this script was started. */
function inProject() {
  const path = `${join(ROOT, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  return {
    cwd: ROOT,
    env: { ...process.env, PATH: path, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false" },
  };
}

/** A folder that git ignores. Without the memory a second deploy would have to repeat the name, or lose it. */
const MEMORY = join(ROOT, ".wrangler/mailmesh-deploy.json");
const Memory = z.object({ hostname: z.string() });

function recallHostname(): string | undefined {
  try {
    return Memory.parse(JSON.parse(readFileSync(MEMORY, "utf8"))).hostname;
  } catch {
    return undefined;
  }
}

function rememberHostname(hostname: string): void {
  mkdirSync(join(ROOT, ".wrangler"), { recursive: true });
  writeFileSync(MEMORY, `${JSON.stringify({ hostname })}\n`);
}

process.exitCode = main(process.argv.slice(2));
