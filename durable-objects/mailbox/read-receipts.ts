/**
 * Telling a sender that his message was read, at the reader's explicit wish, once (RFC 8098). Never by opening it, and
 * never to nobody, to lists or to programs.
 */
import { Failure } from "../../contract/failure.ts";
import type { Mailbox, MessageRow } from "./mailbox-database.ts";
import { submissionIdOf } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { requireMessage } from "./read-messages.ts";
import { type Sender, senderOf } from "./sender.ts";
import { countSending } from "./sending-limits.ts";
import { addSubmission } from "./submissions.ts";
import { change } from "./update-messages.ts";

/** RFC 3503 §3: the receipt was sent, by whatever program. */
const SENT = "$mdnsent";

/** What a receipt is made of. */
export interface WantedReceipt {
  sender: Sender;
  raw_key: string;
  receipt_to: string;
  delivered_to: string;
  original: { message_id: string | null; subject: string; sent_at: number | null };
}

export function wantedReceipt(box: Mailbox, id: string): WantedReceipt {
  const row = requireMessage(box, id);
  const { raw_key, rfc_message_id: message_id, subject, sent_at } = row;
  return { sender: senderOf(box), raw_key, ...requireWanted(row), original: { message_id, subject, sent_at } };
}

function requireWanted(row: MessageRow): { receipt_to: string; delivered_to: string } {
  const { receipt_to, delivered_to, return_path, keywords } = row;
  const [address] = delivered_to;
  const refuse = (why: string) => new Failure("conflict", why);
  if (receipt_to === null) throw refuse("Its sender did not ask for a receipt.");
  if (address === undefined) throw refuse("It did not come to this account, so there is nothing to confirm.");
  // RFC 8098 §2.1: nobody is told who does not want mail back.
  if (return_path === "") throw refuse("It came without a sender, and such mail is not answered.");
  if (keywords.includes(SENT)) throw refuse("A receipt was sent before.");
  return { receipt_to, delivered_to: address };
}

/** The mark and the submission in one transaction: two requests at once send one receipt. */
export function sendReceipt(
  box: Mailbox,
  id: string,
  raw_key: string,
  sendLimit: number | null,
  now: number,
): { submission_id: string } {
  return box.db.transaction(() => {
    const row = requireMessage(box, id);
    const { receipt_to } = requireWanted(row);
    countSending(box, { mail_from: box.email, rcpt_to: [receipt_to] }, sendLimit, now);
    const placing = new Placing(box.db);
    placing.settle(change(box.db, row, { keywords: [...row.keywords, SENT] }, placing) ?? 0);
    // RFC 8098 §3: the reverse-path is empty, so that no report and no receipt ever comes of it.
    const envelope = { mail_from: "", rcpt_to: [receipt_to], report_to: "nobody" as const };
    const submission = addSubmission(box, { ...envelope, message_id: null, raw_key, send_at: now }, now);
    return { submission_id: submissionIdOf(box, submission.id) };
  });
}
