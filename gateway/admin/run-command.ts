/** One command of `npm run admin`, from its arguments to its exit status. See commands.ts. */
import { parseArgs } from "node:util";
import { AdminProblem } from "../admin-api.ts";
import { SettingsError } from "../settings.ts";
import { findCommand, HELP } from "./commands.ts";
import { connectAdmin, NotConnected } from "./connection.ts";
import { CommandFailed, UsageError, ValueError } from "./usage-error.ts";

const OPTIONS = {
  password: { type: "string" },
  name: { type: "string" },
  format: { type: "string" },
  folder: { type: "string" },
  query: { type: "string" },
  none: { type: "boolean" },
  after: { type: "string" },
  "dmarc-reject": { type: "string" },
  "refuse-attachments": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Prints what came of it, and resolves with the exit status: 2 where the command line is wrong. */
export async function runCommand(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [name, ...operands] = positionals;
    if (values.help || name === undefined) {
      console.log(HELP);
      return values.help ? 0 : 2;
    }
    const command = findCommand(name);
    command.check(operands);
    const lines = await command.run(await connectAdmin(process.env), operands, values);
    for (const line of lines) console.log(line);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return fail(2, `${error.message}\nSee: npm run admin -- --help`);
    if (error instanceof ValueError) return fail(2, error.message);
    if (
      error instanceof CommandFailed ||
      error instanceof AdminProblem ||
      error instanceof NotConnected ||
      error instanceof SettingsError
    )
      return fail(1, error.message);
    throw error;
  }
}

/** Unknown options are the user's mistake, and parseArgs throws a TypeError for them. */
function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function fail(code: number, message: string): number {
  console.error(message);
  return code;
}
