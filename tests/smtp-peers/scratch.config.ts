import { defineConfig } from "vitest/config";
import { trustScriptedPeers } from "./trust.ts";

await trustScriptedPeers();
const { cloudflareTest } = await import("@cloudflare/vitest-plugin");
export default defineConfig({
  root: "/work/main",
  plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
  test: {
    name: "scratch",
    globalSetup: ["./tests/smtp-peers/global-setup.ts"],
    include: ["workers/outbound/transport/scratch*.test.ts"],
    testTimeout: 30000,
  },
});
