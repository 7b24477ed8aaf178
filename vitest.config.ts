import { defineConfig } from "vitest/config";
import { trustScriptedPeers } from "./tests/smtp-peers/trust.ts";

// The plugin's runtime reads the certificate authorities that it trusts once, as it is loaded.
await trustScriptedPeers();
const { cloudflareTest } = await import("@cloudflare/vitest-plugin");

/** Secrets as a deployment has them, and retries that a test can wait for. */
const BINDINGS = {
  ADMIN_SECRET: "admin-secret-of-the-tests",
  INGEST_SECRET: "ingest-secret-of-the-tests",
  DEPLOYMENT: "local",
  RETRY_DELAYS_SECONDS: "1",
};

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
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" }, miniflare: { bindings: BINDINGS } })],
        test: {
          name: "workers",
          globalSetup: ["./tests/smtp-peers/global-setup.ts"],
          include: ["{workers,durable-objects,schema}/**/*.test.ts", "tests/workers/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
