/** What the mesh finds out about a message from outside before any mailbox sees it. Each question has a room of its own. */
import type { Authentication } from "../../contract/authentication.ts";
import { MAX_EXAMINED_HEADER_BYTES } from "../../contract/limits.ts";
import type { Examination } from "../../durable-objects/mailbox/letter.ts";
import { headerOf } from "../../mail/header-fields.ts";
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
  // A copy, so that not all of the message goes with it.
  const header = headerOf(bytes.subarray(0, MAX_EXAMINED_HEADER_BYTES)).slice();
  const content = await examineContent(env, { bytes, parsed, header, authentication, scanned });
  return { authentication, ...content, warnings: [...forgedWarning(authentication), ...content.warnings], header };
}
