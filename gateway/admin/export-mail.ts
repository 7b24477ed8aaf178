/** `export EMAIL FILE`: what comes is written as it comes, to a file that was not there before. */
import { type FileHandle, open, rm } from "node:fs/promises";
import { type AdminApi, AdminProblem } from "../admin-api.ts";
import type { Options } from "./commands.ts";
import { fileProblem } from "./file-problem.ts";
import { ProgressBar, shownSize } from "./progress-bar.ts";
import { shownAddress } from "./shown.ts";
import { CommandFailed, UsageError, ValueError } from "./usage-error.ts";
import { requireAddress } from "./values.ts";

/** The end record alone. No file with a message in it, of either format, is as small. */
const EMPTY_ZIP_BYTES = 22;

export async function exportMail(
  api: AdminApi,
  [email = "", path = ""]: string[],
  options: Options,
): Promise<string[]> {
  requireAddress(email);
  const { format = path.endsWith(".zip") ? "zip" : "mbox", folder, query } = options;
  if (format !== "mbox" && format !== "zip") throw new ValueError("--format is mbox or zip");
  if (folder !== undefined && query !== undefined) throw new UsageError("--folder and --query go alone");
  const q = folder === undefined ? query : `in:"${folder.replaceAll('"', "")}"`;
  const stream = await api.exportMail(email, { format, ...(q === undefined ? {} : { q }) });
  const size = await writeFile(stream, path);
  if (q !== undefined && size <= EMPTY_ZIP_BYTES) {
    await rm(path);
    const where = folder === undefined ? "is found by this query" : `is in a folder ${JSON.stringify(folder)}`;
    throw new CommandFailed(`${shownAddress(email)}: no message ${where}; nothing was written`);
  }
  return [`${shownAddress(email)}: ${shownSize(size)} written to ${path}`];
}

async function writeFile(stream: ReadableStream<Uint8Array>, path: string): Promise<number> {
  const file = await createFile(path);
  try {
    return await write(stream, file);
  } catch (error) {
    // Half a mailbox must not be taken for a whole one.
    await rm(path);
    throw new AdminProblem(0, `The export broke off: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await file.close();
  }
}

async function createFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx");
  } catch (error) {
    throw new ValueError(`${path} cannot be written: ${fileProblem(error)}`);
  }
}

async function write(stream: ReadableStream<Uint8Array>, file: FileHandle): Promise<number> {
  const progress = new ProgressBar("Exporting");
  let size = 0;
  for await (const chunk of stream) {
    await file.writeFile(chunk);
    size += chunk.byteLength;
    progress.show(size, null, shownSize(size));
  }
  progress.clear();
  return size;
}
