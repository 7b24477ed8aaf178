/**
 * wrangler.toml as miniflare understands it. Only wrangler can translate it, and its import alone is a third of the
 * start-up time (0.55 s of 1.6 s), so the translation is kept for as long as nothing that it was made from changes.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Unstable_MiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { PROJECT_ROOT } from "./settings.ts";

export interface WorkerConfig {
  /** The module to bundle. */
  main: string;
  workerOptions: Unstable_MiniflareWorkerOptions["workerOptions"];
}

/** What wrangler reads for this, and wrangler itself. */
const SOURCES = ["wrangler.toml", ".dev.vars", ".env", ".env.local", "node_modules/wrangler/package.json"];

const KEPT_IN = join(PROJECT_ROOT, "node_modules/.cache/mailmesh/worker-config.json");

const Kept = z.object({
  key: z.string(),
  main: z.string(),
  // Written below from wrangler's own answer, under a key that says from what.
  workerOptions: z.custom<WorkerConfig["workerOptions"]>((value) => typeof value === "object" && value !== null),
});

export async function readWorkerConfig(keptIn = KEPT_IN): Promise<WorkerConfig> {
  const key = await keyOfSources();
  const kept = await readKept(keptIn);
  if (kept?.key === key) return kept;
  const config = await translate();
  await keep(keptIn, { key, ...config });
  return config;
}

async function translate(): Promise<WorkerConfig> {
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const { workerOptions, main } = unstable_getMiniflareWorkerOptions(join(PROJECT_ROOT, "wrangler.toml"));
  if (main === undefined) throw new Error("wrangler.toml names no main");
  return { main, workerOptions };
}

/** The place counts too: the translation holds absolute paths. */
async function keyOfSources(): Promise<string> {
  const hash = createHash("sha256").update(PROJECT_ROOT);
  for (const name of SOURCES) {
    const content = await readFile(join(PROJECT_ROOT, name)).catch(() => Buffer.from("absent"));
    hash.update(`\0${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** What cannot be read is made again. */
async function readKept(path: string): Promise<z.infer<typeof Kept> | undefined> {
  try {
    return Kept.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** An installation that cannot be written to starts as well, only slower. */
async function keep(path: string, value: z.infer<typeof Kept>): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.${process.pid}`, JSON.stringify(value));
    await rename(`${path}.${process.pid}`, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
