/**
 * Debian's clamd in the foreground, with a configuration and a database of its own that knows one virus: the test file
 * EICAR. Nothing of /etc/clamav is used, and no signatures are fetched.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EICAR } from "../../mail/screening/file-bytes.ts";
import { freePorts } from "../support/free-ports.ts";

export interface Clamd {
  port: number;
  stop(): Promise<void>;
}

/** What the database calls it; clamd adds `.UNOFFICIAL`, as to every signature that ClamAV has not signed. */
export const SIGNATURE = "Eicar-Test-File";

const START_MS = 30_000;

export async function startClamd(streamMaxLength = "25M"): Promise<Clamd> {
  const folder = await mkdtemp(join(tmpdir(), "mailmesh-clamd-"));
  const [port] = await freePorts();
  await chmod(folder, 0o755);
  await mkdir(join(folder, "database"));
  const md5 = createHash("md5").update(EICAR).digest("hex");
  await writeFile(join(folder, "database/eicar.hdb"), `${md5}:${EICAR.length}:${SIGNATURE}\n`);
  const lines = [
    ...["Foreground yes", "TCPAddr 127.0.0.1", `TCPSocket ${port}`, `User ${userInfo().username}`],
    ...[`DatabaseDirectory ${join(folder, "database")}`, `TemporaryDirectory ${folder}`],
    ...[`StreamMaxLength ${streamMaxLength}`, "ScanMail yes", "ScanArchive yes", "Bytecode no"],
  ];
  await writeFile(join(folder, "clamd.conf"), `${lines.join("\n")}\n`);
  const child = spawn("clamd", ["--config-file", join(folder, "clamd.conf")], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const kill = () => void child.kill("SIGTERM");
  process.once("exit", kill);
  for (const until = Date.now() + START_MS; !(await answers(port)); await pause(100)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`clamd does not start:\n${output}`);
  }
  return {
    port,
    async stop() {
      process.off("exit", kill);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("zPING\0"));
    socket.on("data", (data) => {
      resolve(data.toString() === "PONG\0");
      socket.destroy();
    });
    socket.on("error", () => resolve(false));
  });
