/**
 * `npm run fuzz:memory [pattern]`: messages of 25 MiB in the worst shapes that we know.
 *
 * Each is read in a process of its own as the Worker reads it before anything is stored, with little heap to spare; the
 * most memory that it took, less what a small message takes, is what a Worker would be charged: the platform gives it
 * 128 MB. Then each goes through both doors of a running mesh and is opened again; the growth of the whole runtime, in
 * which objects, R2 and the Worker share one process, is printed for information. Ends with 1 where a message takes too
 * much, is not taken, or is not given back.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MessagePage } from "../contract/messages.ts";
import { call, folderOf } from "../tests/support/service.ts";
import { type FuzzedMesh, runtimeMemory, startFuzzedMesh } from "./fuzz/fuzzed-mesh.ts";
import { WORST_SHAPES } from "./fuzz/worst-shapes.ts";

const MB = 1024 * 1024;
const LIMIT = 128 * MB;
/** Megabytes of V8's heap: what is dead is then tidied up before it is counted. */
const HEAP_FLAGS = ["--max-old-space-size=64", "--max-semi-space-size=2"];

const shapes = WORST_SHAPES.filter(([name]) => name.includes(process.argv[2] ?? ""));
const folder = await mkdtemp(join(tmpdir(), "mailmesh-shapes-"));
const small = await alone(Buffer.from("Subject: small\r\n\r\nx\r\n"));
if (small === null) throw new Error("a small message cannot be read");
const mesh = await startFuzzedMesh();
await mesh.smtp(Buffer.from("Subject: small\r\n\r\nx\r\n"));
const atRest = await runtimeMemory();
let [wrong, most] = [0, 0];

for (const [name, make] of shapes) {
  const raw = make();
  const taken = await alone(raw);
  const more = taken === null ? null : taken - small;
  const watch = watchMemory();
  const outcomes = [await mesh.smtp(raw), await mesh.email(raw), ...(await open(mesh))].join(" ");
  most = Math.max(most, await watch.peak());
  const isRight = more !== null && more <= LIMIT && outcomes === "250 200 200" && mesh.complaints.length === 0;
  if (!isRight) wrong++;
  const words = isRight ? "" : `WRONG ${outcomes} ${mesh.complaints.splice(0).join("; ").slice(0, 500)}`;
  console.log(`${name.padEnd(32)} ${more === null ? "more than there is" : `${mb(more)} MB`}  ${words}`);
}
console.log(`the whole runtime: ${atRest === null ? "?" : mb(atRest)} MB at rest, ${mb(most)} MB at most`);
console.log(
  wrong === 0 ? `none of ${shapes.length} takes more than ${mb(LIMIT)} MB` : `${wrong} of ${shapes.length} WRONG`,
);
await mesh.stop();
await rm(folder, { recursive: true });
process.exit(wrong === 0 ? 0 : 1);

/** The most memory that reading the message takes, in bytes; null where the heap was not enough. */
async function alone(raw: Buffer): Promise<number | null> {
  const file = join(folder, "message.eml");
  await writeFile(file, raw);
  const script = join(import.meta.dirname, "fuzz/read-alone.ts");
  const { status, stdout } = spawnSync(process.execPath, [...HEAP_FLAGS, script, file], { encoding: "utf8" });
  return status === 0 ? Number.parseInt(stdout, 10) : null;
}

/** The newest message of each folder that mail comes into, as its reader sees it: the statuses of the answers. */
async function open({ http, token }: FuzzedMesh): Promise<number[]> {
  const ids: string[] = [];
  for (const role of ["inbox", "junk"] as const) {
    const { id } = await folderOf({ http }, token, role);
    const page = await call({ http }, "GET", `/v1/folders/${id}/messages?limit=1`, { token });
    ids.push(...page.json(MessagePage).messages.map((message) => message.id));
  }
  const answers = await Promise.all(ids.map((id) => call({ http }, "GET", `/v1/messages/${id}`, { token })));
  return [...new Set(answers.map(({ status }) => status))];
}

function watchMemory() {
  let highest = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      highest = Math.max(highest, (await runtimeMemory()) ?? 0);
      await sleep(15);
    }
  })();
  return {
    async peak(): Promise<number> {
      isOver = true;
      await watching;
      return highest;
    },
  };
}

function mb(bytes: number): string {
  return String(Math.round(bytes / MB));
}
