/** The attachments of a message that comes in: what each really is, and what is dangerous about it. */
import type { AttachmentDanger, AttachmentScan } from "../../contract/attachment-scan.ts";
import { detectType, pretends } from "./content-type.ts";
import { differs, type FileInMessage, filesOf, needsWhole, screenFile, screenHead } from "./file.ts";
import { type Finding, type FindingCode, Findings } from "./findings.ts";
import { Allowance } from "./zip-members.ts";

export type ScannedFile = AttachmentScan["files"][number] & { filename: string };

/** More of them are not told of one by one: they go into a row, and nobody reads so many. */
const MAX_TOLD = 100;

/** Those about which there is something to say. */
export async function scanAttachments(bytes: Uint8Array): Promise<{ count: number; files: ScannedFile[] }> {
  const allowance = new Allowance();
  const all = filesOf(bytes);
  const files: ScannedFile[] = [];
  for (const [n, found] of all.entries()) {
    const { detected_type, findings } = await look(found, allowance);
    const dangers = findings.flatMap(toDangers);
    if (dangers.length === 0 && !isNews(found, detected_type)) continue;
    files.push({ n, filename: found.shown, detected_type, dangers });
  }
  // The dangerous ones first, should there be too many.
  files.sort((a, b) => Math.sign(b.dangers.length) - Math.sign(a.dangers.length) || a.n - b.n);
  return { count: all.length, files: files.slice(0, MAX_TOLD).sort((a, b) => a.n - b.n) };
}

/** Only what must be looked into is decoded whole: a film of 20 MB is not. */
async function look({ file, head, content }: FileInMessage, allowance: Allowance) {
  const found = new Findings();
  const beginning = head();
  const detected_type = await detectType(beginning);
  if (needsWhole(file, beginning, detected_type)) await screenFile(found, "", file, content(), allowance);
  else {
    screenHead(found, "", file, beginning);
    if (detected_type !== null && pretends(file, detected_type)) found.add({ at: "", ...differs(detected_type) });
  }
  return { detected_type, findings: found.verdict.findings };
}

/** The label says nothing, or another thing: a client that shows a preview wants to know. */
const isNews = ({ file }: FileInMessage, detected: string | null): boolean =>
  detected !== null && detected !== file.content_type && detected !== "application/zip";

const DANGERS: Partial<Record<FindingCode, AttachmentDanger[]>> = {
  test_virus: ["virus"],
  program: ["program"],
  program_name: ["program"],
  script_name: ["script"],
  page_script: ["script"],
  double_extension: ["double_extension", "program"],
  script_double_extension: ["double_extension", "script"],
  disguised_name: ["disguised_name"],
  macros: ["macros"],
  encrypted_archive: ["encrypted_archive"],
  unreadable_archive: ["unreadable_archive"],
  type_differs: ["type_differs"],
};

const toDangers = ({ code, words }: Finding) => (DANGERS[code] ?? []).map((danger) => ({ danger, words }));
