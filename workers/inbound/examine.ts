/** What the mesh finds out about a message from outside before any mailbox sees it. Each question has a room of its own. */
import type { Authentication } from "../../contract/authentication.ts";
import { MAX_EXAMINED_HEADER_BYTES } from "../../contract/limits.ts";
import type { Examination } from "../../durable-objects/mailbox/letter.ts";
import type { ParsedMessage } from "../../mail/parse/parsed-message.ts";
import { forgedWarning } from "./authenticate.ts";
import { examineContent } from "./examine-content.ts";
import type { ScannerEnv, ScannerVerdict } from "./scanner.ts";

export interface Found {
  authentication: Authentication | null;
  /** Of a letter that waited: what cannot be found out again. */
  scanned?: ScannerVerdict | null;
}

/** Never throws: a message about which nothing can be found out is delivered all the same. */
export async function examine(
  env: ScannerEnv,
  bytes: Uint8Array<ArrayBuffer>,
  parsed: ParsedMessage,
  { authentication, scanned = null }: Found,
): Promise<Examination> {
  const header = headerOf(bytes);
  const content = await examineContent(env, { bytes, parsed, header, authentication, scanned });
  return { authentication, ...content, warnings: [...forgedWarning(authentication), ...content.warnings], header };
}

/** RFC 5322 §2.1: the header ends with the first empty line. A copy, so that not all of the message goes with it. */
function headerOf(bytes: Uint8Array): Uint8Array {
  const head = bytes.subarray(0, MAX_EXAMINED_HEADER_BYTES);
  let end = head.indexOf(0x0a);
  while (end !== -1 && !isEmptyLine(head, end + 1)) end = head.indexOf(0x0a, end + 1);
  return head.slice(0, end === -1 ? head.length : end + 1);
}

const isEmptyLine = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] === 0x0a);
