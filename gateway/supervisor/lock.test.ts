import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { temporaryState } from "../testing/temporary-state.ts";
import { AlreadyRunning, takeLock } from "./lock.ts";

it("a second taker is told who holds it", async () => {
  const state = await temporaryState();
  const lock = await takeLock(state);
  await expect(takeLock(state)).rejects.toThrow(AlreadyRunning);
  await expect(takeLock(state)).rejects.toThrow(`process ${process.pid}`);
  await lock.release();
});

it("it can be taken again after its release, which was no kill", async () => {
  const state = await temporaryState();
  await (await takeLock(state)).release();
  const again = await takeLock(state);
  expect(again.afterKill).toBe(false);
  await again.release();
});

it("kill -9 of the holder gives it up at once, and the next one knows", async () => {
  const state = await temporaryState();
  const holder = spawn(process.execPath, ["--input-type=module", "-e", HOLD, import.meta.dirname, state.root]);
  await once(holder.stdout, "data");
  await expect(takeLock(state)).rejects.toThrow(`process ${holder.pid}`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = await takeLock(state);
  expect(lock.afterKill).toBe(true);
  await lock.release();
});

const HOLD = `
  const [, here, root] = process.argv;
  const { takeLock } = await import(here + "/lock.ts");
  const { StateFolder } = await import(here + "/../state.ts");
  globalThis.lock = await takeLock(new StateFolder(root));
  console.log("held");
  setInterval(() => globalThis.lock, 1000);
`;
