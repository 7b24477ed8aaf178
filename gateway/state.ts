/**
 * The state folder: who puts what where, and the small files in it. Everything that must survive is here; `run/` is the
 * one place whose contents belong to a single run.
 *
 *   mesh/           the runtime's: objects and R2
 *   sink/           outgoing mail that went nowhere, see sink/
 *   secrets.json    of this deployment, made once
 *   seeded.json     the first start is complete
 *   seeding.json    the first start is under way: the passwords that it is giving out
 *   lock            held while a launcher runs, see supervisor/lock.ts
 *   run/            temporary files of the runtime
 */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

export class StateFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get mesh(): string {
    return join(this.root, "mesh");
  }
  get sink(): string {
    return join(this.root, "sink");
  }
  get run(): string {
    return join(this.root, "run");
  }
  get lock(): string {
    return join(this.root, "lock");
  }

  /** Only its owner may look in: it holds mail and secrets. */
  async create(): Promise<void> {
    await mkdir(this.root, { recursive: true, mode: 0o700 });
  }

  /** To be called by the holder of the lock: a killed run leaves its temporary files behind. */
  async clearRun(): Promise<void> {
    await rm(this.run, { recursive: true, force: true });
    await mkdir(this.run, { recursive: true, mode: 0o700 });
  }

  async read<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const path = join(this.root, name);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const parsed = schema.safeParse(parseJson(text));
    if (!parsed.success) throw new Error(`${path} is damaged: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  }

  /** Whole or not at all, even through a power cut. */
  async write(name: string, value: unknown): Promise<void> {
    const path = join(this.root, name);
    const file = await open(`${path}.part`, "w", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.root, name), { force: true });
  }
}

export const Secrets = z.object({ admin_secret: z.string().min(32), ingest_secret: z.string().min(32) });
export type Secrets = z.infer<typeof Secrets>;

export const SECRETS_FILE = "secrets.json";

export async function loadSecrets(state: StateFolder): Promise<Secrets> {
  const known = await state.read(SECRETS_FILE, Secrets);
  if (known !== undefined) return known;
  const made = { admin_secret: aSecret(), ingest_secret: aSecret() };
  await state.write(SECRETS_FILE, made);
  return made;
}

function aSecret(): string {
  return randomBytes(32).toString("base64url");
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** What is no JSON parses to nothing, which no schema accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
