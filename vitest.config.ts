import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { trustScriptedPeers } from "./tests/smtp-peers/trust.ts";
import { outsideWeb } from "./tests/support/outside-web.ts";

// The plugin's runtime reads the certificate authorities that it trusts once, as it is loaded.
await trustScriptedPeers();
const { cloudflareTest } = await import("@cloudflare/vitest-plugin");

/** Secrets as a deployment has them, retries that a test can wait for, and no limit on what it sends. */
const BINDINGS = {
  ADMIN_SECRET: "admin-secret-of-the-tests",
  INGEST_SECRET: "ingest-secret-of-the-tests",
  DEPLOYMENT: "local",
  RETRY_DELAYS_SECONDS: "1",
  // Tests share destinations, and one's broken relay must not hold up another's mail. Those of the throttle switch it on.
  DESTINATION_THROTTLE: "off",
  SEND_LIMIT_PER_DAY: "0",
  UNCERTAIN_DELAY_SECONDS: "5",
  // Tests hand in more in a second than anybody does in a minute. Those of the limits set their own.
  RECEIVE_LIMITS: "off",
};

/** Much of what a test does is waiting: on two cores, two files at once leave a quarter of them idle. */
const FILES_AT_ONCE = Math.max(3, availableParallelism() - 1);

/** What files import is loaded once for all of a process: a fifth of the time of the short ones. */
const SHARED = { isolate: false, maxWorkers: FILES_AT_ONCE };

/**
 * Four rooms to test in: Node for what runs in Node or nowhere in particular, workerd for what runs at the edge, the
 * browser client on the whole service, and the whole service with other programs as people use it. The last two need
 * Chromium and swaks on the machine (see .ci/run).
 */
export default defineConfig({
  test: {
    reporters: ["default", "./tests/support/closing-line.ts"],
    projects: [
      {
        test: {
          name: "node",
          include: ["{mail,contract,gateway,scripts,bench,web}/**/*.test.ts", "tests/{node,e2e}/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          ...SHARED,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: BINDINGS, serviceBindings: { OUTSIDE: outsideWeb } },
          }),
        ],
        test: {
          name: "workers",
          globalSetup: [
            "./tests/smtp-peers/global-setup.ts",
            "./tests/support/serve-corpus.ts",
            "./tests/support/fake-clamd.ts",
          ],
          setupFiles: ["./tests/workers/after-each.ts"],
          include: ["{workers,durable-objects,schema}/**/*.test.ts", "tests/workers/**/*.test.ts"],
          testTimeout: 30_000,
          ...SHARED,
        },
      },
      {
        test: {
          name: "browser",
          include: ["tests/system/web/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // It takes as long as the machine is busy.
          expect: { poll: { timeout: 20_000 } },
          // After the others and not beside them: what a person waits for is waited for here.
          sequence: { groupOrder: 1 },
          maxWorkers: FILES_AT_ONCE,
        },
      },
      {
        test: {
          name: "system",
          include: ["tests/system/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
          maxWorkers: FILES_AT_ONCE,
        },
      },
    ],
  },
});
