/**
 * What an owner may still do with a message that has not left: take it back, let it leave at another time, replace it.
 * All of it until a consumer has it. The object does one thing at a time, so a claim comes before or after the change:
 * before it the change is `too_late`, after it the consumer gets what was changed.
 */
import { eq } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { message, submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import { unmarkAnswered } from "./answer-marks.ts";
import { recordChange } from "./change-log.ts";
import { rememberCorrespondents } from "./correspondents.ts";
import { replaceContent } from "./drafts.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MessageRow, SubmissionRow } from "./mailbox-database.ts";
import { Placing } from "./placement.ts";
import { openRecipients, setState } from "./recipient-states.ts";
import { countSending, uncountSending } from "./sending-limits.ts";
import { canUndo, requireSubmission } from "./submission-views.ts";
import { addRecipients, type Outgoing } from "./submissions.ts";

/** Throws `too_late` once it is on its way. */
export function requireUnsent(box: Mailbox, submissionId: string): SubmissionRow {
  const row = requireSubmission(box, submissionId);
  if (!canUndo(row))
    throw new Failure("too_late", "The message is on its way, or was taken back: nothing can be changed.");
  return row;
}

/** Takes a submission back. The message becomes a draft again. */
export function cancelSubmission(box: Mailbox, submissionId: string, now: number): void {
  box.db.transaction(() => {
    const row = requireUnsent(box, submissionId);
    uncount(box, row);
    box.db.update(submission).set({ lease: null, next_attempt_at: null }).where(eq(submission.id, row.id)).run();
    for (const { email } of openRecipients(box.db, row.id)) {
      setState(box.db, row.id, email, { state: "cancelled", updated_at: now });
    }
    recordChange(box.db, "submission", row.id, "changed");
    const copy = copyOf(box, row);
    if (copy !== undefined) backToDrafts(box, copy);
  });
}

/** It leaves at `sendAt`, or now if that is past. What lies on the queue finds its time not come. */
export function reschedule(box: Mailbox, submissionId: string, sendAt: number, now: number): void {
  box.db.transaction(() => {
    const row = requireUnsent(box, submissionId);
    setTime(box, row.id, Math.max(sendAt, now));
    recordChange(box.db, "submission", row.id, "changed");
  });
}

/** Another message, other recipients and another time, under the same ids. */
export function replaceScheduled(
  box: Mailbox,
  submissionId: string,
  outgoing: Outgoing,
  sendLimit: number | null,
  now: number,
): void {
  box.db.transaction(() => {
    const row = requireUnsent(box, submissionId);
    const copy = copyOf(box, row);
    if (copy === undefined)
      throw new Failure("conflict", "Its copy was deleted: take the message back, and send a new one.");
    uncount(box, row);
    countSending(box, outgoing, sendLimit, now);
    const { raw_key, mail_from, send_at, class: kind } = outgoing;
    // It keeps its places and marks, and its place in the conversation.
    const kept = { folder_ids: copy.folder_ids, is_read: copy.is_read, keywords: copy.keywords, is_draft: false };
    replaceContent(box, copy, {
      ...outgoing,
      ...{ ...kept, received_at: now, return_path: mail_from, delivered_to: [] },
    });
    box.db.update(submission).set({ raw_key, mail_from, class: kind }).where(eq(submission.id, row.id)).run();
    setTime(box, row.id, Math.max(send_at, now));
    box.db.delete(submission_recipient).where(eq(submission_recipient.submission_id, row.id)).run();
    addRecipients(box.db, row.id, outgoing.rcpt_to, now);
    if (kind !== "bulk") rememberCorrespondents(box.db, outgoing.rcpt_to, outgoing.content, now);
    recordChange(box.db, "submission", row.id, "changed");
  });
}

/** It does not count against the day's limit any more. */
function uncount(box: Mailbox, row: SubmissionRow): void {
  const rcpt_to = openRecipients(box.db, row.id).map(({ email }) => email);
  uncountSending(box.db, { mail_from: row.mail_from, rcpt_to }, row.created_at);
}

function setTime(box: Mailbox, id: number, at: number): void {
  box.db.update(submission).set({ lease: null, send_at: at, next_attempt_at: at }).where(eq(submission.id, id)).run();
}

/** The copy in Sent, unless it was deleted. */
function copyOf(box: Mailbox, row: SubmissionRow): MessageRow | undefined {
  if (row.message_id === null) return undefined;
  return box.db.select().from(message).where(eq(message.id, row.message_id)).get();
}

function backToDrafts(box: Mailbox, row: MessageRow): void {
  unmarkAnswered(box, row);
  const placing = new Placing(box.db);
  placing.replace(row, { ...row, folder_ids: [ROLE_ID.drafts] });
  box.db.update(message).set({ is_draft: true }).where(eq(message.id, row.id)).run();
  recordChange(box.db, "draft", row.id, "created");
  placing.settle(recordChange(box.db, "message", row.id, "changed"));
}
