/** `npm run bench:phishing`: how often warnings are right and wrong, on generated mail and on the SpamAssassin corpus. */
import { spawnSync } from "node:child_process";

const run = spawnSync("vitest", ["run", "--config", "bench/vitest.config.ts", "phishing"], { stdio: "inherit" });
process.exit(run.status ?? 1);
