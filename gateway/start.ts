/**
 * `npm start`: the whole mesh on one machine. See supervisor/launch.ts.
 *
 * The bundles of wrangler and miniflare are 10 MB of JavaScript, so Node keeps the compiled code: a quarter of the time
 * that their import takes. That must be asked for before they are imported.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/mailmesh"));
const { launch } = await import("./supervisor/launch.ts");
process.exit(await launch(process.env));
