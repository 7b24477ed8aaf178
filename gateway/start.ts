/**
 * `npm start`: the whole mesh on one machine. See supervisor/launch.ts.
 *
 * Two thirds of the start-up time are spent compiling the bundles of wrangler and miniflare, so Node keeps the compiled
 * code. That must be asked for before they are imported.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/mailmesh"));
const { launch } = await import("./supervisor/launch.ts");
process.exit(await launch(process.env));
