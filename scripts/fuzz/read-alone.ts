/**
 * The message in a file through what the Worker does with a message before it is
 * stored, in this process alone: prints the most memory that the process ever held, in bytes. Run with a small limit of
 * V8's heap, so that what is counted is what was needed and not what nobody had tidied up yet.
 */
import { openAsBlob } from "node:fs";
import { fingerprintOf } from "../../mail/fingerprint.ts";
import { examine } from "../../workers/inbound/examine.ts";
import { readBounded } from "../../workers/inbound/read-bounded.ts";
import { reportIn } from "../../workers/inbound/report-in.ts";
import { storable } from "../../workers/storage/raw-messages.ts";
import { readContent } from "../../workers/storage/read-content.ts";

const file = process.argv[2] ?? "";
const bytes = await readBounded((await openAsBlob(file)).stream());
if (bytes === null) throw new Error("the message is larger than a message may be");
await fingerprintOf(bytes);
const content = await readContent(bytes);
await examine(bytes, null);
reportIn("", bytes);
await storable(bytes);
console.log(process.resourceUsage().maxRSS * 1024, content.parse_note === null ? "" : "with a note");
