/**
 * Reports that come in about mail that was sent: found out whose they are, and believed as far as they go. All of it in
 * the transaction of the report's own delivery, so that a report that comes twice changes nothing the second time.
 *
 * Two ways lead from a report to its submission. The token in the address that it came to, or in the reverse-path that
 * it gives back, is one that only those have who got the message. Without one the Message-ID of the returned message
 * leads there, if the report also names a recipient of it: both are known to every recipient, so this is believed of no
 * more. What leads nowhere is a message like any other.
 */
import { and, eq } from "drizzle-orm";
import { addressKey } from "../../mail/address/address-key.ts";
import type { Report, ReportedRecipient } from "../../mail/report/report.ts";
import { message, submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import { submissionByToken } from "./bounce-token.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { type Heard, hear } from "./later-outcomes.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import type { NewMessage } from "./new-message.ts";
import { threadOf } from "./outbox-report.ts";

/** Where a report goes: into the conversation of the message that it is about. */
export type ReportPlace = Pick<NewMessage, "folder_ids" | "is_read" | "thread_id">;

interface Arrived {
  report: Report;
  delivered_to: string[];
  received_at: number;
}

/** Does what a report says. Null: it is about nothing that this mailbox sent. Part of the caller's transaction. */
export function takeReport(box: Mailbox, { report, delivered_to, received_at }: Arrived): ReportPlace | null {
  const named = report.original_mail_from === null ? [] : [report.original_mail_from];
  const byToken = submissionByToken(box, [...delivered_to.slice(0, 10), ...named]);
  const row = byToken ?? submissionByMessageId(box.db, report.original_message_id);
  if (row === null) return null;
  const outcomes = outcomesFor(box.db, row.id, report, byToken !== null);
  if (byToken === null && outcomes.length === 0) return null;
  // A failure's report is in the inbox: the owner is told by it.
  hear(box, row, outcomes, true, received_at);
  // What went wrong is for the inbox. That it is late, or that it arrived, is there for whoever looks.
  const isBad = report.kind === "failure" || report.kind === "complaint";
  const folder_ids = [isBad ? ROLE_ID.inbox : ROLE_ID.archive];
  return { folder_ids, is_read: !isBad, thread_id: threadOf(box.db, row.id) };
}

/** Own messages have no fingerprint: by that, ten thousand others with this Message-ID do not slow the question. */
function submissionByMessageId(db: MailboxDb, messageId: string | null): SubmissionRow | null {
  if (messageId === null) return null;
  const row = db
    .select({ submission })
    .from(message)
    .innerJoin(submission, eq(submission.message_id, message.id))
    .where(and(eq(message.rfc_message_id, messageId), eq(message.fingerprint, "")))
    .limit(1)
    .get();
  return row?.submission ?? null;
}

/**
 * What the report says of recipients that the submission has. A server behind a forward reports on an address that
 * nobody here wrote to; where the submission has one recipient alone, the token leaves no doubt who is meant.
 */
function outcomesFor(db: MailboxDb, id: number, report: Report, isCertain: boolean): Heard[] {
  const rows = db.select().from(submission_recipient).where(eq(submission_recipient.submission_id, id)).all();
  const byKey = new Map(rows.map((row) => [addressKey(row.email), row]));
  byKey.delete(null);
  const find = (address: string | null) => (address === null ? undefined : byKey.get(addressKey(address)));
  const outcomes = report.recipients.flatMap((said): Heard[] => {
    const recipient = find(said.original_address) ?? find(said.address);
    return recipient ? [{ recipient, said }] : [];
  });
  const [only] = rows;
  if (outcomes.length > 0 || !isCertain || rows.length !== 1 || !only || report.recipients.length > 1) return outcomes;
  return [{ recipient: only, said: report.recipients[0] ?? unnamed(report.kind) }];
}

const ACTION_OF = { failure: "failed", delay: "delayed", delivered: "delivered", complaint: "complained" } as const;

const unnamed = (kind: Report["kind"]): ReportedRecipient => ({
  ...{ address: "", original_address: null, action: ACTION_OF[kind], status: null, diagnostic: null, remote_mta: null },
});
