/**
 * What a consumer says of each recipient, and what the sender has to be told of it. The other half of outbox.ts: there a
 * submission goes to a consumer, here it comes back.
 */
import { eq, sql } from "drizzle-orm";
import { message, submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { findSubmission, hasUntried, isNobodys, settle } from "./next-attempt.ts";
import {
  type FailedRecipient,
  failedMeanwhile,
  hasLeft,
  markTold,
  setState,
  type UntoldRecipient,
  untold,
} from "./recipient-states.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import { countBounces } from "./sending-stop.ts";
import { suppressByOutcome } from "./suppressions.ts";

export interface TriedRecipient extends FailedRecipient {
  result: "sent" | "delivered" | "deferred" | "failed" | "uncertain";
  /** Which transport was asked, and the name under which it will speak of the message. */
  transport?: string;
  transport_id?: string;
}

export type RecipientReport =
  | TriedRecipient
  /** Not tried at all: the way to its destination is closed until then. */
  | { address: string; result: "waiting"; retry_at: number };

/**
 * Writes what happened to each recipient and gives the lease back. Returns what the sender has to be told.
 *
 * A consumer may report after its lease ran out and somebody else took over. That a message left is true all the same,
 * and keeps it from leaving again; of all else the other one knows better.
 */
export function report(
  box: Mailbox,
  id: number,
  lease: string,
  results: RecipientReport[],
  schedule: RetrySchedule,
  now: number,
): UntoldRecipient[] {
  return box.db.transaction(() => {
    const row = findSubmission(box.db, id);
    if (row === undefined) return [];
    const isHeld = row.lease === lease;
    const next = hasUntried(box.db, row) ? [now] : [];
    const bounced = isHeld ? failedMeanwhile(box.db, id) : new Set();
    if (isHeld) countBounces(box, row.mail_from, failuresOf(results), now);
    for (const result of results) {
      if ((!isHeld && !hasLeft(result.result)) || bounced.has(result.address)) continue;
      if (result.result !== "waiting" && row.report_to === "inbox") suppressByOutcome(box.db, id, result, now);
      writeResult(box.db, row, result, schedule, now);
    }
    recordChange(box.db, "submission", id, "changed");
    if (isHeld) {
      const waits = results.flatMap((result) => (result.result === "waiting" ? [result.retry_at] : []));
      const wasTried = waits.length < results.length;
      const attempts = row.attempts - (results.length > 0 && !wasTried ? 1 : 0);
      const tried = wasTried || waits.length === 0 ? [schedule.retryAt(attempts, row.send_at, now)] : [];
      box.db.update(submission).set({ attempts }).where(eq(submission.id, id)).run();
      settle(box.db, row, Math.min(...next, ...waits, ...tried), schedule, now);
    } else if (isNobodys(row)) settle(box.db, row, row.next_attempt_at, schedule, now);
    return untold(box.db, row, schedule, now);
  });
}

const failuresOf = (results: RecipientReport[]): TriedRecipient[] =>
  results.flatMap((one) => (one.result === "failed" ? [one] : []));

function writeResult(
  db: MailboxDb,
  row: SubmissionRow,
  result: RecipientReport,
  schedule: RetrySchedule,
  now: number,
): void {
  const isOver = now >= schedule.overAt(row.send_at);
  if (result.result === "waiting") {
    const waits = { attempts: sql`${submission_recipient.attempts} - 1`, handed_over_at: null, updated_at: now };
    // RFC 3463 §3.5 (X.4.7): its time has run out while the way was closed.
    const expired = { state: "failed", status: "4.4.7", reply: "Its destination took no mail for too long" } as const;
    setState(db, row.id, result.address, { ...waits, ...(isOver ? expired : { state: "queued" }) });
    return;
  }
  const { address, result: outcome, status, reply, remote_mta, transport, transport_id } = result;
  const isOpen = outcome === "deferred" || outcome === "uncertain";
  setState(db, row.id, address, {
    state: isOpen && isOver ? "failed" : outcome,
    ...{ status, reply, remote_mta, attempted_at: now, handed_over_at: null, updated_at: now },
    ...(outcome === "uncertain" ? { uncertain_attempts: sql`${submission_recipient.uncertain_attempts} + 1` } : {}),
    ...(transport === undefined ? {} : { transport }),
    ...(transport_id === undefined ? {} : { transport_id }),
  });
}

/** The conversation of the message that was sent, for the report about it. */
export function threadOf(db: MailboxDb, id: number): number | null {
  const row = db
    .select({ thread_id: message.thread_id })
    .from(submission)
    .innerJoin(message, eq(message.id, submission.message_id))
    .where(eq(submission.id, id))
    .get();
  return row?.thread_id ?? null;
}

/**
 * The report about these is in the mailbox (in the same transaction), or on its way, or wanted by nobody. False: all of
 * it was told before.
 */
export function markReported(
  box: Mailbox,
  id: number,
  told: Pick<UntoldRecipient, "address" | "action">[],
  schedule: RetrySchedule,
  now: number,
): boolean {
  const row = findSubmission(box.db, id);
  if (row === undefined) return false;
  const isUntold = new Set(untold(box.db, row, schedule, now).map(({ address, action }) => `${action} ${address}`));
  if (!told.some(({ address, action }) => isUntold.has(`${action} ${address}`))) return false;
  markTold(box.db, id, told);
  if (isNobodys(row)) settle(box.db, row, row.next_attempt_at, schedule, now);
  return true;
}
