/** `export EMAIL FILE`: what comes is written as it comes, to a file that was not there before. */
import { type FileHandle, open, rm } from "node:fs/promises";
import { type AdminApi, AdminProblem } from "../admin-api.ts";
import type { Options } from "./commands.ts";
import { inMegabytes, ProgressBar } from "./progress-bar.ts";
import { shownAddress } from "./shown.ts";
import { UsageError, ValueError } from "./usage-error.ts";
import { requireAddress } from "./values.ts";

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
  const file = await createFile(path);
  try {
    const size = await write(stream, file);
    return [`${shownAddress(email)}: ${inMegabytes(size)} written to ${path}`];
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
    throw new ValueError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function write(stream: ReadableStream<Uint8Array>, file: FileHandle): Promise<number> {
  const progress = new ProgressBar("Exporting");
  let size = 0;
  for await (const chunk of stream) {
    await file.writeFile(chunk);
    size += chunk.byteLength;
    progress.show(size, null, inMegabytes(size));
  }
  progress.clear();
  return size;
}
