import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { PROJECT_ROOT } from "./settings.ts";
import { readWorkerConfig } from "./worker-config.ts";

async function aPlace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mailmesh-config-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "kept.json");
}

it("what was kept is what wrangler says", async () => {
  const place = await aPlace();
  await readWorkerConfig(place);
  const { main, workerOptions } = unstable_getMiniflareWorkerOptions(join(PROJECT_ROOT, "wrangler.toml"));
  expect(await readWorkerConfig(place)).toMatchObject({
    main,
    workerOptions: JSON.parse(JSON.stringify(workerOptions)),
  });
  expect(JSON.parse(await readFile(place, "utf8")).workerOptions).toEqual(workerOptions);
});

it("what was kept from something else, or is damaged, is made again", async () => {
  const place = await aPlace();
  for (const kept of ['{"key":"of another time","main":"x","workerOptions":{}}', "{", "null"]) {
    await writeFile(place, kept);
    expect((await readWorkerConfig(place)).main).toMatch(/workers\/index\.ts$/);
  }
});

it("a place that cannot be written to is no reason to fail", async () => {
  expect((await readWorkerConfig(join(import.meta.filename, "kept.json"))).main).toMatch(/workers\/index\.ts$/);
});
