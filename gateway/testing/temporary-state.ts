/** A state folder of its own for each test, removed after it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { StateFolder } from "../state.ts";

export async function temporaryState(): Promise<StateFolder> {
  const root = await mkdtemp(join(tmpdir(), "mailmesh-gateway-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return new StateFolder(root);
}
