/** What the tests of this folder screen with. */
import { screenFile } from "./file.ts";
import { Findings } from "./findings.ts";
import { screenWords, type Words } from "./text.ts";

/** Latin-1. */
export const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
export const PE = bytes(`MZ\x90\0${"\0".repeat(60)}This program cannot be run in DOS mode.`);

export async function codesOf(filename: string, content: Uint8Array, content_type = "application/octet-stream") {
  const findings = new Findings();
  await screenFile(findings, "attachments.0", { filename, content_type }, content);
  return findings.verdict.findings.map(({ code }) => code);
}

export function wordsVerdict(words: Partial<Words>) {
  const findings = new Findings();
  screenWords(findings, { from: null, subject: "", text: "", html: null, ...words });
  const { refused, findings: found } = findings.verdict;
  return [refused, ...found.map(({ at, code }) => `${at} ${code}`)];
}
