import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadSecrets } from "./state.ts";
import { temporaryState } from "./testing/temporary-state.ts";

it("secrets are made once, and only their owner can read them", async () => {
  const state = await temporaryState();
  const made = await loadSecrets(state);
  expect(await loadSecrets(state)).toEqual(made);
  expect(made.admin_secret).not.toBe(made.ingest_secret);
  expect((await stat(join(state.root, "secrets.json"))).mode & 0o777).toBe(0o600);
});

it("a damaged file is named, and not taken for a missing one", async () => {
  const state = await temporaryState();
  await writeFile(join(state.root, "secrets.json"), "{}");
  await expect(loadSecrets(state)).rejects.toThrow(/secrets\.json is damaged/);
});

it("what a killed run left in its temporary folder goes", async () => {
  const state = await temporaryState();
  await state.clearRun();
  await writeFile(join(state.run, "left-over"), "");
  await state.clearRun();
  await expect(stat(join(state.run, "left-over"))).rejects.toThrow("ENOENT");
});
