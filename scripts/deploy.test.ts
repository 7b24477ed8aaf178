import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const deploy = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, "deploy.ts"), ...args], { encoding: "utf8" });

it("a dry run shows each step and does none", () => {
  const { status, stdout } = deploy("--dry-run", "--hostname", "mail.example.org");
  expect(status).toBe(0);
  expect(stdout.trim().split("\n")).toEqual([
    "wrangler r2 bucket create mailmesh-mail",
    "wrangler queues create mailmesh-inbound",
    "wrangler queues create mailmesh-outbound",
    "wrangler queues create mailmesh-outbound-bulk",
    "wrangler queues create mailmesh-email-events",
    "wrangler queues create mailmesh-inbound-dead",
    "wrangler queues create mailmesh-outbound-dead",
    "wrangler queues create mailmesh-outbound-bulk-dead",
    "wrangler queues create mailmesh-email-events-dead",
    "wrangler deploy --var HOSTNAME:mail.example.org",
    "wrangler secret put ADMIN_SECRET",
    "wrangler secret put INGEST_SECRET",
    "",
    "Nothing was done (--dry-run).",
  ]);
});

it("helps, and knows a mistake from asking for help", () => {
  expect(deploy("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--dry-run"), stderr: "" });
  expect(deploy("--hots")).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("--hots") });
});

it("what is no host name is refused before anything is done", () => {
  const { status, stdout, stderr } = deploy("--hostname", "https://example.org");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("This is not a host name");
});
