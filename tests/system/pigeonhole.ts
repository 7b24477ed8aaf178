/** Dovecot's Pigeonhole, asked by its own program what it would do with a message: `sieve-test` does nothing of it. */
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Not as root: Dovecot refuses to. */
const CONFIGURATION = (home: string): string => `
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
mail_home = ${home}
postmaster_address = postmaster@example.com
recipient_delimiter = +
plugin {
  sieve_extensions = +relational +comparator-i;ascii-numeric +date +index +mailbox +reject +imap4flags
}
`;

export interface Question {
  script: string;
  message: string;
  envelope: { from: string; to: string };
}

/** What it does, in the words of the cases; or that it refuses the script; or that the script fails. */
export type Answer = string[] | "refused" | "fails";

export async function askPigeonhole(folder: string, { script, message, envelope }: Question): Promise<Answer> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true, mode: 0o777 });
  const file = (name: string) => join(folder, name);
  await writeFile(file("dovecot.conf"), CONFIGURATION(home));
  await writeFile(file("case.sieve"), script);
  await writeFile(file("message.eml"), message);
  await rm(file("case.svbin"), { force: true });
  const { from, to } = envelope;
  const { code, output } = await run("sieve-test", [
    ...["-c", file("dovecot.conf"), "-l", `maildir:${file("maildir")}`],
    ...["-f", from, "-r", to, "-a", to],
    ...[file("case.sieve"), file("message.eml")],
  ]);
  if (/failed to compile/.test(output)) return "refused";
  if (/final result: failed/.test(output)) return "fails";
  if (code !== 0) throw new Error(`sieve-test: ${output}`);
  return actionsIn(output);
}

function run(program: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

/** Its report: a line for each action, details below it. */
function actionsIn(output: string): string[] {
  const report = output.slice(output.indexOf("Performed actions:"), output.indexOf("final result:"));
  const actions = report.split(/^ \* /m).slice(1).map(inWords);
  // A discard beside other actions is told too, and does nothing.
  return actions.length > 1 ? actions.filter((action) => action !== "discard") : actions;
}

function inWords(entry: string): string {
  const [line = ""] = entry.split("\n");
  const flags = /add IMAP flags: (.*)/.exec(entry)?.[1]?.trim();
  const folder = /^store message in folder: (.*)/.exec(line)?.[1];
  if (folder !== undefined)
    return [folder === "INBOX" ? "keep" : `fileinto ${folder}`, ...(flags ? [flags] : [])].join(" ");
  const address = /^redirect message to: <(.*)>/.exec(line)?.[1];
  if (address !== undefined) return `redirect ${address}`;
  const reason = /^reject message with reason: (.*?)\n\n/s.exec(entry)?.[1];
  if (reason !== undefined) return `reject ${reason}`;
  if (line.startsWith("discard")) return "discard";
  if (line.startsWith("send vacation message")) return "vacation";
  throw new Error(`sieve-test does what we have no word for: ${entry}`);
}
