/** A password from the person at the terminal, unseen; or the first line of standard input, for scripts. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UsageError } from "./usage-error.ts";

export async function askPassword(email: string): Promise<string> {
  const password = process.stdin.isTTY ? await prompt(`Password for ${email}: `) : await firstLine();
  if (password === "") throw new UsageError("A password is needed: --password, or a line on standard input");
  return password;
}

/** readline echoes what is typed to its output, so its output goes nowhere. */
async function prompt(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  lines.once("SIGINT", () => process.exit(130));
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
  }
}
