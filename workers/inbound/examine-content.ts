/** What there is to say of a message's words, links and files, and how its list can be left. */
import type { AttachmentScan } from "../../contract/attachment-scan.ts";
import type { Authentication } from "../../contract/authentication.ts";
import type { ListUnsubscribe } from "../../contract/list-unsubscribe.ts";
import type { Warning } from "../../contract/warnings.ts";
import { readListUnsubscribe } from "../../mail/parse/list-unsubscribe.ts";
import type { ParsedMessage } from "../../mail/parse/parsed-message.ts";
import { contentWarnings } from "../../mail/phishing/content-warnings.ts";
import { isVouchedList } from "../../mail/phishing/list-claim.ts";
import { type SpamSigns, spamSigns } from "../../mail/spam/features.ts";
import { lookAtFiles } from "./look-at-files.ts";
import type { ScannerEnv, ScannerVerdict } from "./scanner.ts";

export interface Received {
  bytes: Uint8Array<ArrayBuffer>;
  parsed: ParsedMessage;
  header: Uint8Array;
  authentication: Authentication | null;
  /** What the scanner said when the message came, if this is not the first look at it. */
  scanned: ScannerVerdict | null;
}

export interface ExaminedContent {
  warnings: Warning[];
  link_hosts: string[];
  spam_signs: SpamSigns | null;
  attachment_scan: AttachmentScan | null;
  list_unsubscribe: ListUnsubscribe | null;
}

/** Never throws: what one question comes to nothing at does not keep the others from being asked. */
export async function examineContent(env: ScannerEnv, received: Received): Promise<ExaminedContent> {
  const { bytes, parsed, header, authentication, scanned } = received;
  const words = await orNothing({ warnings: [], link_hosts: [] }, () => {
    const isVouched = isVouchedList(header, authentication);
    return contentWarnings({ ...parsed, isVouchedList: isVouched, isForged: authentication?.sender === "forged" });
  });
  const files = await orNothing({ attachment_scan: null, warnings: [] }, () => lookAtFiles(env, bytes, scanned));
  return {
    warnings: [...words.warnings, ...files.warnings],
    link_hosts: words.link_hosts,
    spam_signs: await orNothing(null, () => spamSigns(bytes, parsed)),
    attachment_scan: files.attachment_scan,
    list_unsubscribe: await orNothing(null, () => readListUnsubscribe(header, authentication)),
  };
}

/** No input is known that gets here. If one is found, its message is delivered, and the log says what to look for. */
async function orNothing<T>(nothing: T, ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    console.error("a message could not be examined", { error });
    return nothing;
  }
}
