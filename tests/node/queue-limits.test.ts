import { join } from "node:path";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import { DEAD_SUFFIX, MAX_RETRIES } from "../../workers/queues/dead-letters.ts";
import { ROOT } from "./source-files.ts";

const Queues = z.object({ consumers: z.array(z.object({ queue: z.string(), max_retries: z.number().optional() })) });

it("the code knows how often wrangler.toml has a queue message tried", () => {
  const { consumers } = Queues.parse(unstable_readConfig({ config: join(ROOT, "wrangler.toml") }).queues);
  const limits = consumers.map(({ queue, max_retries }): [string, number | undefined] => [queue, max_retries]);
  expect(Object.fromEntries(limits.filter(([queue]) => !queue.endsWith(DEAD_SUFFIX)))).toEqual(MAX_RETRIES);
});
