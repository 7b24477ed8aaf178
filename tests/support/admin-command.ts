/** `npm run admin` against a launched service, as people run it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Service } from "./service.ts";

export function admin(service: Service, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ["gateway/admin.ts", ...args], {
    cwd: join(import.meta.dirname, "../.."),
    env: { PATH: process.env.PATH, MAILMESH_STATE: service.state, PORT: String(service.http) },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}
