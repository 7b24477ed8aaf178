/** The files of a message: looked into here, and by a virus scanner where there is one. Once, however many get it. */
import type { AttachmentScan } from "../../contract/attachment-scan.ts";
import type { Warning } from "../../contract/warnings.ts";
import { filesOf } from "../../mail/screening/file.ts";
import { type ScannedFile, scanAttachments } from "../../mail/screening/scan-attachments.ts";
import { NOT_CONFIGURED, type Scanner, type ScannerEnv, type ScannerVerdict, scannerOf } from "./scanner.ts";

export interface FilesLookedAt {
  /** Null where there is nothing to say: no files, and no scanner. */
  attachment_scan: AttachmentScan | null;
  warnings: Warning[];
}

/** `scanned`: what the scanner said before; a failure is worth another try. */
export async function lookAtFiles(
  env: ScannerEnv,
  bytes: Uint8Array<ArrayBuffer>,
  scanned: ScannerVerdict | null,
): Promise<FilesLookedAt> {
  const { count, files } = await scanAttachments(bytes);
  const scanner = scannerOf(env);
  const isSettled = scanned !== null && scanned.state !== "failed";
  const verdict = isSettled ? scanned : ((await scanner?.scan(bytes)) ?? NOT_CONFIGURED);
  if (count === 0 && verdict.state === "not_configured") return { attachment_scan: null, warnings: [] };
  const isInfected = verdict.state === "infected";
  const isTold = isInfected && scanner !== null && (await findInfected(scanner, bytes, files));
  const warnings = warningsOf(files);
  if (isInfected && !(isTold && warnings.some(({ subject }) => subject !== null && isVirus(files, subject))))
    warnings.unshift({ reason: "dangerous_attachment", subject: null, words: `It holds a virus (${verdict.found}).` });
  return {
    attachment_scan: { scanner: verdict, files: files.map(({ filename: _filename, ...file }) => file) },
    warnings,
  };
}

/** Files of an infected message that are scanned one by one, to tell which it is. */
const MAX_SCANNED_ALONE = 20;

/**
 * Adds to `files`. A scanner names what it found, and not where; and of several there may be more than one, so all are
 * asked. False: some were not, since they are too many, or the scanner fails or has no time left.
 */
async function findInfected(scanner: Scanner, bytes: Uint8Array<ArrayBuffer>, files: ScannedFile[]): Promise<boolean> {
  const all = filesOf(bytes);
  let isComplete = all.length <= MAX_SCANNED_ALONE;
  for (const [n, { shown, content }] of all.slice(0, MAX_SCANNED_ALONE).entries()) {
    const { state, found } = await scanner.scan(content());
    if (state === "failed") {
      isComplete = false;
      break;
    }
    if (state !== "infected") continue;
    const danger = { danger: "virus" as const, words: `holds a virus (${found})` };
    const known = files.find((file) => file.n === n);
    if (known === undefined) files.push({ n, filename: shown, detected_type: null, dangers: [danger] });
    else known.dangers = [danger, ...known.dangers.filter((other) => other.danger !== "virus")];
  }
  files.sort((a, b) => a.n - b.n);
  return isComplete;
}

const isVirus = (files: ScannedFile[], filename: string): boolean =>
  files.some((file) => file.filename === filename && file.dangers.some(({ danger }) => danger === "virus"));

const MAX_WARNINGS = 10;

/** A warning a file. That nobody can look into an archive is told beside it, and is no reason to mistrust the message. */
function warningsOf(files: ScannedFile[]): Warning[] {
  return files
    .flatMap(({ filename, dangers }): Warning[] => {
      const told = dangers.filter(({ danger }) => danger !== "unreadable_archive");
      if (told.length === 0) return [];
      const words = [...new Set(told.map((danger) => danger.words))].join("; ");
      return [{ reason: "dangerous_attachment", subject: filename, words: `“${filename}” ${words}.` }];
    })
    .slice(0, MAX_WARNINGS);
}
