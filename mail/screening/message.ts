/** A whole message as it lies there or comes in: its words and its files. */
import { parseMessage } from "../parse/parse-message.ts";
import { filesOf, screenFile } from "./file.ts";
import { Findings, type Verdict } from "./findings.ts";
import { screenWords } from "./text.ts";
import { Allowance } from "./zip-members.ts";

export async function screenMessage(bytes: Uint8Array): Promise<Verdict> {
  const findings = new Findings();
  screenWords(findings, await parseMessage(bytes));
  const allowance = new Allowance();
  for (const [n, { file, content }] of filesOf(bytes).entries())
    await screenFile(findings, `attachments.${n}`, file, content(), allowance);
  return findings.verdict;
}
