/** Why a file cannot be opened, in the system's own words: Node's have the code, the call and the path around them. */
import { getSystemErrorMessage } from "node:util";

export function fileProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const errno = "errno" in error ? error.errno : undefined;
  return typeof errno === "number" ? getSystemErrorMessage(errno) : error.message;
}
