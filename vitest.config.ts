import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Two rooms to test in: Node for what runs in Node or nowhere in particular, workerd for what runs at the edge. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["{mail,contract,gateway,scripts}/**/*.test.ts", "tests/{node,e2e}/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
        test: {
          name: "workers",
          include: ["{workers,durable-objects,schema}/**/*.test.ts", "tests/workers/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
