/** Submissions as their owner sees them: begun, looked at, undone. What happens to them on the way is in outbox.ts. */
import { and, eq, lt } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import type { RecipientState, Submission } from "../../contract/submissions.ts";
import { idempotency, message, submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import { type Composed, requireDraft } from "./drafts.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, SubmissionRow } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";
import { addMessage } from "./new-message.ts";
import { messageIdOf, nextSubmissionId, requireNumber, submissionIdOf } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { requireRoom } from "./quota.ts";
import { openRecipients } from "./recipient-states.ts";
import { countSending, uncountSending } from "./sending-limits.ts";
import { destroy } from "./update-messages.ts";

export interface Outgoing extends Composed {
  /** Envelope: reverse-path and recipients, each once. */
  mail_from: string;
  rcpt_to: string[];
  send_at: number;
  class: SubmissionRow["class"];
  idempotency: IdempotencyKey | null;
  /** The draft that this message was, which goes with the send. */
  draft_id: string | null;
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
    if (outgoing.draft_id !== null) discardDraft(box, outgoing.draft_id);
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

function discardDraft(box: Mailbox, draftId: string): void {
  const placing = new Placing(box.db);
  placing.settle(destroy(box.db, requireDraft(box, draftId), placing));
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
    })
    .returning()
    .get();
  for (const email of added.rcpt_to) {
    box.db
      .insert(submission_recipient)
      .values({ submission_id: row.id, email, state: "queued", updated_at: now })
      .run();
  }
  recordChange(box.db, "submission", row.id, "created");
  return row;
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

/** From still open to final; a submission is where its least final recipient is. */
const BY_FINALITY: RecipientState[] = [
  "sending",
  "queued",
  "deferred",
  "uncertain",
  "failed",
  "cancelled",
  "sent",
  "delivered",
];

export function readSubmission(box: Mailbox, submissionId: string, now: number): Submission {
  const row = requireSubmission(box, submissionId);
  const recipients = box.db
    .select()
    .from(submission_recipient)
    .where(eq(submission_recipient.submission_id, row.id))
    .all();
  const states = new Set(recipients.map(({ state }) => state));
  return {
    id: submissionIdOf(box, row.id),
    user_id: box.user_id,
    class: row.class,
    message_id: row.message_id === null ? null : messageIdOf(box, row.message_id),
    state: BY_FINALITY.find((state) => states.has(state)) ?? "cancelled",
    created_at: isoTime(row.created_at),
    send_at: isoTime(row.send_at),
    attempts: row.attempts,
    next_attempt_at: row.next_attempt_at === null ? null : isoTime(row.next_attempt_at),
    can_undo: canUndo(row, now),
    recipients: recipients.map(({ email, state, status, reply, remote_mta, updated_at }) => {
      return { email, state, status, reply, remote_mta, updated_at: isoTime(updated_at) };
    }),
  };
}

function requireSubmission(box: Mailbox, submissionId: string): SubmissionRow {
  const id = requireNumber(box, "submission", submissionId);
  const row = box.db.select().from(submission).where(eq(submission.id, id)).get();
  if (row === undefined) throw notFound("submission");
  return row;
}

/** Before its time and before anyone works on it. */
function canUndo(row: SubmissionRow, now: number): boolean {
  return row.attempts === 0 && row.lease === null && row.next_attempt_at !== null && now < row.send_at;
}

/** Takes a submission back. The message becomes a draft again. Throws `too_late` once it is on its way. */
export function cancelSubmission(box: Mailbox, submissionId: string, now: number): void {
  box.db.transaction(() => {
    const row = requireSubmission(box, submissionId);
    if (!canUndo(row, now)) throw new Failure("too_late", "The message is on its way: it can no longer be taken back.");
    uncountSending(box.db, { mail_from: row.mail_from, rcpt_to: openRecipients(box.db, row.id) }, row.created_at);
    box.db.update(submission).set({ next_attempt_at: null }).where(eq(submission.id, row.id)).run();
    box.db
      .update(submission_recipient)
      .set({ state: "cancelled", updated_at: now })
      .where(and(eq(submission_recipient.submission_id, row.id), eq(submission_recipient.state, "queued")))
      .run();
    recordChange(box.db, "submission", row.id, "changed");
    if (row.message_id !== null) backToDrafts(box, row.message_id);
  });
}

function backToDrafts(box: Mailbox, messageId: number): void {
  const row = box.db.select().from(message).where(eq(message.id, messageId)).get();
  if (row === undefined) return;
  const placing = new Placing(box.db);
  placing.replace(row, { ...row, folder_ids: [ROLE_ID.drafts] });
  box.db.update(message).set({ is_draft: true }).where(eq(message.id, messageId)).run();
  recordChange(box.db, "draft", messageId, "created");
  placing.settle(recordChange(box.db, "message", messageId, "changed"));
}
