/**
 * `npm run admin -- COMMAND …`: domains, accounts, aliases and dead letters of a mesh. See admin/commands.ts.
 *
 * Node keeps the compiled code, as for start.ts: half of the time that a short command takes.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/mailmesh"));
const { runCommand } = await import("./admin/run-command.ts");
process.exitCode = await runCommand(process.argv.slice(2));
