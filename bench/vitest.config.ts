import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The part of the bench that has to look into an object. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          ADMIN_SECRET: "admin-secret-of-the-tests",
          INGEST_SECRET: "ingest-secret-of-the-tests",
          DEPLOYMENT: "local",
          ...(process.env.BENCH_SIZES === undefined ? {} : { BENCH_SIZES: process.env.BENCH_SIZES }),
        },
      },
    }),
  ],
  test: {
    globalSetup: ["./tests/support/serve-corpus.ts"],
    include: ["bench/**/*.bench.ts"],
    testTimeout: 3_600_000,
    reporters: ["dot"],
  },
});
