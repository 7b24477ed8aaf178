/** Leaving the list that a message came over: what to ask, and that it was asked. Once a message. */
import type { ListUnsubscribe } from "../../contract/list-unsubscribe.ts";
import type { Mailbox, MessageRow } from "./mailbox-database.ts";
import { submissionIdOf } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { requireMessage } from "./read-messages.ts";
import { type Sender, senderOf } from "./sender.ts";
import { countSending } from "./sending-limits.ts";
import { addSubmission } from "./submissions.ts";
import { change } from "./update-messages.ts";

/** A keyword like any other, so that every client sees it. */
const UNSUBSCRIBED = "$unsubscribed";

export interface WantedUnsubscribe {
  sender: Sender;
  list: ListUnsubscribe | null;
  /** The address that is on the list, as far as the envelope tells. */
  delivered_to: string | null;
  is_done: boolean;
}

export interface UnsubscribeMail {
  raw_key: string;
  mail_from: string;
  to: string;
}

export function wantedUnsubscribe(box: Mailbox, id: string): WantedUnsubscribe {
  const row = requireMessage(box, id);
  const { list_unsubscribe: list, delivered_to } = row;
  return { sender: senderOf(box), list, delivered_to: delivered_to[0] ?? null, is_done: isDone(row) };
}

const isDone = ({ keywords }: MessageRow): boolean => keywords.includes(UNSUBSCRIBED);

/**
 * The mark and the mail in one transaction: two requests at once send one mail. It counts as any other that the owner
 * writes: its address and its words are those of a stranger, who may be the owner's own.
 */
export function recordUnsubscribed(
  box: Mailbox,
  id: string,
  mail: UnsubscribeMail | null,
  sendLimit: number | null,
  now: number,
) {
  return box.db.transaction(() => {
    const row = requireMessage(box, id);
    if (isDone(row)) return null;
    if (mail !== null) countSending(box, { mail_from: mail.mail_from, rcpt_to: [mail.to] }, sendLimit, now);
    const placing = new Placing(box.db);
    placing.settle(change(box.db, row, { keywords: [...row.keywords, UNSUBSCRIBED] }, placing) ?? 0);
    if (mail === null) return { submission_id: null };
    const { raw_key, mail_from, to } = mail;
    const envelope = { mail_from, rcpt_to: [to], report_to: "inbox" as const };
    const submission = addSubmission(box, { ...envelope, message_id: null, raw_key, send_at: now }, now);
    return { submission_id: submissionIdOf(box, submission.id) };
  });
}
