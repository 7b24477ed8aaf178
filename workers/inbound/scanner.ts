/** What a virus scanner says of a whole message. Which scanner that is, if any, is the deployment's affair. */
import type { AttachmentScan } from "../../contract/attachment-scan.ts";
import type { Env } from "../env.ts";
import { clamdScanner } from "./clamd.ts";

/** `failed`: it did not answer, or could not scan; `found` says why, in its own words where it had some. */
export type ScannerVerdict = AttachmentScan["scanner"];

export interface Scanner {
  /** Never throws, and always comes to an end. */
  scan(bytes: Uint8Array): Promise<ScannerVerdict>;
}

export type ScannerEnv = Pick<Env, "CLAMD_ADDRESS" | "CLAMD_TIMEOUT_SECONDS" | "SCANNER_REQUIRED">;

/** For one message: there is one time for all that it is asked. Null where none is configured. */
export function scannerOf(env: ScannerEnv): Scanner | null {
  const address = env.CLAMD_ADDRESS?.trim() ?? "";
  return address === "" ? null : clamdScanner(address, secondsOf(env.CLAMD_TIMEOUT_SECONDS) * 1000);
}

export const NOT_CONFIGURED: ScannerVerdict = { state: "not_configured", found: null };

/** Whether mail waits outside, with a 4xx, until somebody has looked into it. */
export const mustBeScanned = (env: ScannerEnv, { state }: ScannerVerdict): boolean =>
  env.SCANNER_REQUIRED === "true" && state === "failed";

const DEFAULT_TIMEOUT_SECONDS = 20;

function secondsOf(setting: string | undefined): number {
  const seconds = Number(setting ?? "");
  return seconds > 0 ? seconds : DEFAULT_TIMEOUT_SECONDS;
}
