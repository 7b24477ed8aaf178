/** `import EMAIL FILE`: sends the file in parts, watches the mesh read it, and says what it could not read. */
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { type Import, ImportFormat } from "../../contract/imports.ts";
import { type AdminApi, AdminProblem } from "../admin-api.ts";
import type { Options } from "./commands.ts";
import { fileProblem } from "./file-problem.ts";
import { ProgressBar, shownSize } from "./progress-bar.ts";
import { shownAddress } from "./shown.ts";
import { table } from "./table.ts";
import { ValueError } from "./usage-error.ts";
import { requireAddress } from "./values.ts";

const PART_BYTES = 8 * 1024 * 1024;
/** A part that did not come through is sent again, so often. */
const TRIES = 5;
const WATCH_MS = 500;
const PACK_IT = "pack it first, as in tar czf mail.tgz DIRECTORY, and import that";
/** Lines of the report that are printed; all of them are at the API. */
const SHOWN_ENTRIES = 50;

export async function importMail(
  api: AdminApi,
  [email = "", path = ""]: string[],
  options: Options,
): Promise<string[]> {
  requireAddress(email);
  const format = options.format === undefined ? undefined : ImportFormat.safeParse(options.format);
  if (format?.success === false) throw new ValueError(`--format is one of ${ImportFormat.options.join(", ")}`);
  const file = await openFile(path);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new ValueError(`${path} is a directory: ${PACK_IT}`);
    const { size, mtime } = stats;
    if (size === 0) throw new ValueError(`${path} is empty`);
    // With the time in it the name tells this very file from another that is called alike: an upload goes on.
    const name = `${basename(path)}, ${mtime.toISOString()}`.slice(-255);
    const job = await unfinished(api, email, name, size);
    const wanted = { name, size, ...(format === undefined ? {} : { format: format.data }) };
    const uploaded = await upload(api, email, file, job ?? (await api.createImport(email, wanted)));
    return reportOf(email, await watch(api, email, uploaded));
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new ValueError(`${path} cannot be read: ${fileProblem(error)}`);
  }
}

/** An upload of the same file that was broken off. Its parts were of the size that ours are. */
async function unfinished(api: AdminApi, email: string, name: string, size: number) {
  const imports = await api.listImports(email);
  return imports.find((one) => {
    const isSame = one.state === "uploading" && one.name === name && one.size === size;
    return isSame && one.uploaded === one.next_part * PART_BYTES;
  });
}

type Uploading = Omit<Import, "report">;

async function upload(api: AdminApi, email: string, file: FileHandle, begun: Uploading): Promise<Uploading> {
  const progress = new ProgressBar("Sending");
  let job = begun;
  while (job.state === "uploading" && job.uploaded < job.size) {
    progress.show(job.uploaded, job.size, shownSize(job.uploaded));
    const part = new Uint8Array(Math.min(PART_BYTES, job.size - job.uploaded));
    const { bytesRead } = await file.read(part, 0, part.byteLength, job.uploaded);
    if (bytesRead < part.byteLength) throw new ValueError("The file became shorter while it was sent");
    job = await sendPart(api, email, job, part);
  }
  progress.clear();
  return job;
}

/** Sending a part twice does no harm, so whatever kept it from being answered is tried again. */
async function sendPart(api: AdminApi, email: string, job: Uploading, part: Uint8Array<ArrayBuffer>): Promise<Import> {
  for (let tries = 1; ; tries++) {
    try {
      return await api.putPart(email, job.id, job.next_part, part);
    } catch (error) {
      const isFinal = error instanceof AdminProblem && error.status >= 400 && error.status < 500;
      if (isFinal || tries === TRIES) throw error;
      await pause(2 ** tries * 500);
    }
  }
}

async function watch(api: AdminApi, email: string, uploaded: Uploading): Promise<Import> {
  const progress = new ProgressBar("Reading");
  for (;;) {
    const job = await api.readImport(email, uploaded.id);
    if (job.state !== "running") {
      progress.clear();
      return job;
    }
    progress.show(job.bytes_read, job.size, `${job.imported + job.already_here} messages`);
    await pause(WATCH_MS);
  }
}

function reportOf(email: string, job: Import): string[] {
  const { state, imported, already_here, unreadable, report } = job;
  const summary = `${shownAddress(email)}: ${imported} messages imported, ${already_here} there already, ${unreadable} not read`;
  const shown = report.slice(0, SHOWN_ENTRIES).map(({ where, reason, detail }) => [where, reason, detail]);
  const rest = unreadable > shown.length ? [`… and ${unreadable - shown.length} more`] : [];
  const lines = report.length === 0 ? [] : ["", ...table(["WHERE", "REASON", "DETAIL"], shown), ...rest];
  if (state === "done") return [summary, ...lines];
  throw new AdminProblem(0, [`The import ${state}. ${summary}`, ...lines].join("\n"));
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
