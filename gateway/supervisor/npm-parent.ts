/**
 * `npm start` is npm → (sh →) this process. Killing npm with -9 orphans us, and whoever did that meant to stop the mesh.
 * A parent that goes is nothing to worry about otherwise: `nohup node gateway/start.ts &` outlives its shell, and under
 * systemd or in a container there is no parent to speak of. So only the processes from us up to npm are watched.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Well below the second within which one expects a killed program to be gone. */
const LOOK_EVERY_MILLISECONDS = 250;

interface Process {
  parent: number;
  command: string;
}

/** Calls `gone` once when npm, or a shell between, is no longer there. Returns what ends the watch. */
export function watchNpm(environment: NodeJS.ProcessEnv, gone: () => void): () => void {
  // npm names the script that it runs. A test runner under `npm test` that starts us is none of our parents.
  if (!environment.npm_lifecycle_script?.includes("gateway/start.ts") || process.platform === "win32") {
    return () => undefined;
  }
  const links = chainToNpm();
  if (links === "broken") gone();
  if (links === "broken" || links.length === 0) return () => undefined;
  const timer = setInterval(() => {
    if (links.every(stillHolds)) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MILLISECONDS);
  timer.unref();
  return () => clearInterval(timer);
}

/** A child and the parent it had at start. A child whose parent dies is given another one, for good. */
interface Link {
  child: number;
  parent: number;
}

/** `broken`: npm was killed before we could look, and our parent, or the shell's, is whoever takes orphans in. */
function chainToNpm(): Link[] | "broken" {
  const links: Link[] = [{ child: process.pid, parent: process.ppid }];
  const parent = inspect(process.ppid);
  // dash and bash mostly become the command they are given; where a shell stays in between, npm is its parent.
  if (parent !== undefined && isShell(parent.command)) links.push({ child: process.ppid, parent: parent.parent });
  const top = links.at(-1)?.parent ?? 1;
  if (takesOrphans(top)) return "broken";
  return links.filter((link) => link.parent > 1);
}

/** In a container npm may be process 1 itself, and a user's systemd is not process 1. */
function takesOrphans(pid: number): boolean {
  const command = inspect(pid)?.command;
  if (command === undefined) return false;
  return pid === 1 ? !/^(?:.*\/)?(?:npm|node|pnpm|yarn|bun)\b/.test(command) : /^(?:.*\/)?systemd$/.test(command);
}

function stillHolds(link: Link): boolean {
  if (link.child === process.pid) return process.ppid === link.parent;
  return inspect(link.child)?.parent === link.parent;
}

function isShell(command: string): boolean {
  return /^-?(?:.*\/)?(?:sh|dash|bash|zsh|ksh|ash|busybox)$/.test(command);
}

function inspect(pid: number): Process | undefined {
  return process.platform === "linux" ? inspectProc(pid) : inspectPs(pid);
}

/** proc(5): `pid (command) state ppid …`, where the command may hold anything, brackets too. */
function inspectProc(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    const parent = Number(stat.slice(end + 2).split(" ")[1]);
    return { parent, command: stat.slice(stat.indexOf("(") + 1, end) };
  } catch {
    return undefined;
  }
}

function inspectPs(pid: number): Process | undefined {
  try {
    const line = execFileSync("ps", ["-o", "ppid=,comm=", "-p", String(pid)], { encoding: "utf8" }).trim();
    const [parent = "", ...command] = line.split(/\s+/);
    return { parent: Number(parent), command: command.join(" ") };
  } catch {
    return undefined;
  }
}
