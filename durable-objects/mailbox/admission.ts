/**
 * Whether this mailbox takes mail now: asked at RCPT, before there are bytes, and again at the delivery, since things
 * may have changed and behind Cloudflare MX nobody asks before. It reads a few rows, however large the mailbox is.
 */
import type { RefusalReason } from "../../contract/ingest.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { hasRoom } from "./quota.ts";
import { isBlocked } from "./sender-treatments.ts";

/** `size`: of the message, with what the mesh adds; any message has at least one octet. */
export function refusalOf({ db }: Mailbox, mailFrom: string, size = 1): RefusalReason | null {
  if (isBlocked(db, mailFrom)) return "sender_blocked";
  return hasRoom(db, size) ? null : "mailbox_full";
}
