/** SIGKILL for a whole process tree: the launcher and all that it started, none of which gets a chance to tidy up. */
import { spawnSync } from "node:child_process";

export function killTree(root: number): void {
  for (const pid of [root, ...descendants(root)]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

function descendants(pid: number): number[] {
  const table = spawnSync("ps", ["-A", "-o", "pid=,ppid="]).stdout.toString();
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const children = rows.filter(([, parent]) => parent === pid).map(([child]) => child ?? 0);
  return children.flatMap((child) => [child, ...descendants(child)]);
}
