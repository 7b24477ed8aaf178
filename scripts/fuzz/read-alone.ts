/**
 * The message in a file through what the Worker does with a message before it is
 * stored, in this process alone: prints the most memory that the process ever held, in bytes. Run with a small limit of
 * V8's heap, so that what is counted is what was needed and not what nobody had tidied up yet.
 */
import { openAsBlob, readFileSync } from "node:fs";
import { registerHooks } from "node:module";

// The Worker's code names the platform's modules; what is read here opens no connection.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith("cloudflare:")
      ? { url: "data:text/javascript,export const connect = null", shortCircuit: true }
      : next(specifier, context),
});
const { fingerprintOf } = await import("../../mail/fingerprint.ts");
const { parseMessage } = await import("../../mail/parse/parse-message.ts");
const { examine } = await import("../../workers/inbound/examine.ts");
const { readBounded } = await import("../../workers/inbound/read-bounded.ts");
const { reportIn } = await import("../../workers/inbound/report-in.ts");
const { storable } = await import("../../workers/storage/raw-messages.ts");
const { contentOf } = await import("../../workers/storage/read-content.ts");

const file = process.argv[2] ?? "";
const bytes = await readBounded((await openAsBlob(file)).stream());
if (bytes === null) throw new Error("the message is larger than a message may be");
const parsed = await parseMessage(bytes);
await examine({}, bytes, parsed, { authentication: null });
fingerprintOf(bytes);
const content = contentOf(parsed);
await storable(bytes);
reportIn("", bytes);
console.log(mostMemory(), content.parse_note === null ? "" : "with a note");

/** Of this process: in Linux maxRSS is that of the parent, if it had more as it started this one. */
function mostMemory(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
  return Number(kibibytes) * 1024;
}
