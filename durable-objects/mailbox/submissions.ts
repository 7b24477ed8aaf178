/**
 * Submissions, as they begin. How their owner sees them is in submission-views.ts, what he may still change of them in
 * scheduled.ts, and what happens to them on the way in outbox.ts.
 */
import { eq, lt } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { idempotency, submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import { type Marks, markAnswered } from "./answer-marks.ts";
import { newBounceToken } from "./bounce-token.ts";
import { recordChange } from "./change-log.ts";
import { rememberCorrespondents } from "./correspondents.ts";
import { type Composed, requireDraft } from "./drafts.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { addMessage } from "./new-message.ts";
import { messageIdOf, nextSubmissionId, submissionIdOf } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { requireRoom } from "./quota.ts";
import { countSending } from "./sending-limits.ts";
import { noteAnswered } from "./spam-lessons.ts";
import { destroy } from "./update-messages.ts";
import { wakeThread } from "./wake.ts";

export interface Outgoing extends Composed {
  /** Envelope: reverse-path and recipients, each once. */
  mail_from: string;
  rcpt_to: string[];
  send_at: number;
  class: SubmissionRow["class"];
  idempotency: IdempotencyKey | null;
  /** The draft that this message was, which goes with the send. */
  draft_id: string | null;
  /** The revisions of that draft that its writer has seen; null for any. */
  draft_revisions: string[] | null;
  marks: Marks;
}

export interface IdempotencyKey {
  key: string;
  /** Of the whole request: the same key with another request is a mistake, not a repeat. */
  request_hash: string;
}

export interface Accepted {
  id: string;
  submission_id: string;
  /** The answer is an earlier one: the bytes that came with this request belong to nothing. */
  is_repeat: boolean;
}

/** The copy in Sent and the submission, in one transaction: neither is ever without the other. */
export function submit(box: Mailbox, outgoing: Outgoing, sendLimit: number | null, now: number): Accepted {
  return box.db.transaction(() => {
    const earlier = outgoing.idempotency && findAccepted(box, outgoing.idempotency);
    if (earlier) return earlier;
    countSending(box, outgoing, sendLimit, now);
    if (outgoing.draft_id !== null) discardDraft(box, outgoing.draft_id, outgoing.draft_revisions);
    requireRoom(box.db, outgoing.size);
    const copy = addMessage(box, {
      ...outgoing,
      received_at: now,
      return_path: outgoing.mail_from,
      delivered_to: [],
      folder_ids: [ROLE_ID.sent],
      is_read: true,
      is_draft: false,
    });
    markAnswered(box, outgoing.marks);
    wakeThread(box, copy.thread_id);
    if (outgoing.marks.answered !== null) noteAnswered(box.db, outgoing.marks.answered);
    if (outgoing.class !== "bulk") rememberCorrespondents(box.db, outgoing.rcpt_to, outgoing.content, now);
    const row = addSubmission(box, { ...outgoing, message_id: copy.id, report_to: "inbox" }, now);
    if (outgoing.idempotency) {
      box.db
        .insert(idempotency)
        .values({ ...outgoing.idempotency, submission_id: row.id, created_at: now })
        .run();
    }
    return { id: messageIdOf(box, copy.id), submission_id: submissionIdOf(box, row.id), is_repeat: false };
  });
}

function discardDraft(box: Mailbox, draftId: string, revisions: string[] | null): void {
  const placing = new Placing(box.db);
  placing.settle(destroy(box.db, requireDraft(box, draftId, revisions), placing));
}

type NewSubmission = Pick<SubmissionRow, "message_id" | "raw_key" | "mail_from" | "report_to" | "send_at"> & {
  rcpt_to: string[];
  class?: SubmissionRow["class"];
};

/** Writes a submission that is due at `send_at`. Part of the caller's transaction. */
export function addSubmission(box: Mailbox, added: NewSubmission, now: number): SubmissionRow {
  const { message_id, raw_key, mail_from, report_to, send_at } = added;
  const row = box.db
    .insert(submission)
    .values({
      id: nextSubmissionId(box.db, now),
      ...{ message_id, raw_key, mail_from, report_to, send_at },
      class: added.class ?? "personal",
      created_at: now,
      next_attempt_at: send_at,
      bounce_token: newBounceToken(report_to),
    })
    .returning()
    .get();
  addRecipients(box.db, row.id, added.rcpt_to, now);
  recordChange(box.db, "submission", row.id, "created");
  return row;
}

export function addRecipients(db: MailboxDb, submission_id: number, emails: string[], now: number): void {
  for (const email of emails) {
    db.insert(submission_recipient).values({ submission_id, email, state: "queued", updated_at: now }).run();
  }
}

const IDEMPOTENCY_MS = 24 * 3_600_000;

/** What this key was answered with before, or null. Throws when the request was another one. */
export function findAccepted(box: Mailbox, { key, request_hash }: IdempotencyKey): Accepted | null {
  const seen = box.db.select().from(idempotency).where(eq(idempotency.key, key)).get();
  if (seen === undefined) return null;
  if (seen.request_hash !== request_hash) {
    throw new Failure("idempotency_key_reused", "This Idempotency-Key came with another request before.");
  }
  const row = box.db.select().from(submission).where(eq(submission.id, seen.submission_id)).get();
  if (row?.message_id == null) throw notFound("submission");
  return { id: messageIdOf(box, row.message_id), submission_id: submissionIdOf(box, row.id), is_repeat: true };
}

export function forgetIdempotencyKeys(box: Mailbox, now: number): void {
  box.db
    .delete(idempotency)
    .where(lt(idempotency.created_at, now - IDEMPOTENCY_MS))
    .run();
}
