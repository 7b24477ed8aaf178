/** Programs of the peers: whether they are there, running one to its end, and a folder that goes when we go. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Debian puts servers where only root's PATH looks. */
export const environment = { ...process.env, PATH: [process.env.PATH, "/usr/sbin", "/sbin"].join(delimiter) };

/** What a program prints at once, or null if it is not installed. */
export function ask(program: string, ...args: string[]): string | null {
  const { error, stdout } = spawnSync(program, args, { env: environment, encoding: "utf8" });
  return error === undefined ? stdout.trim() : null;
}

/** Runs a program to its end and gives what it printed. */
export function run(program: string, args: string[], env: Record<string, string> = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...environment, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const printed: Buffer[] = [];
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(printed));
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${complaint}`));
    });
  });
}

export interface Scratch {
  folder: string;
  remove(): void;
}

/** An empty folder; what ends this process early removes it too. */
export function scratchFolder(name: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const remove = () => {
    process.off("exit", remove);
    // Servers that are just ending may still write a file or two.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once("exit", remove);
  return { folder, remove };
}
