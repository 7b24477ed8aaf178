/** Makes miniflare start workerd through workerd.sh, which sees to it that the runtime never outlives the launcher. */
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { accessSync, chmodSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const GUARD = join(import.meta.dirname, "workerd.sh");

/** To be called before miniflare is imported. Windows has no /bin/sh, and there a killed launcher leaves its runtime. */
export function guardRuntime(environment: NodeJS.ProcessEnv): void {
  if (process.platform === "win32") return;
  makeExecutable();
  environment.MAILMESH_WORKERD = environment.MINIFLARE_WORKERD_PATH ?? workerdPath();
  environment.MINIFLARE_WORKERD_PATH = GUARD;
  closePipesOfTheDead();
}

/** workerd is miniflare's dependency and not ours: ask from where miniflare stands. */
function workerdPath(): string {
  const miniflare = createRequire(import.meta.url).resolve("miniflare");
  const workerd: unknown = createRequire(miniflare)("workerd");
  if (typeof workerd === "object" && workerd !== null && "default" in workerd && typeof workerd.default === "string") {
    return workerd.default;
  }
  throw new Error("the workerd package names no program");
}

/** Copies that pass through a zip file lose the bit. */
function makeExecutable(): void {
  try {
    accessSync(GUARD, constants.X_OK);
  } catch {
    chmodSync(GUARD, 0o755);
  }
}

/**
 * When workerd dies by itself, miniflare starts another and keeps its ends of the dead one's pipes, for which that one's
 * guard would wait until the launcher ends.
 */
function closePipesOfTheDead(): void {
  subscribe("child_process", (message) => {
    const { process: child } = message as { process: ChildProcess };
    child.once("exit", () => {
      if (child.spawnfile !== GUARD) return;
      for (const pipe of child.stdio) pipe?.destroy();
    });
  });
}
