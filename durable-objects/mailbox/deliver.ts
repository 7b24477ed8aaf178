/** Delivery: one transaction that puts a message into the mailbox, or finds that it is there already. */
import { and, eq, max, sql } from "drizzle-orm";
import type { RefusalReason } from "../../contract/ingest.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { refusalOf } from "./admission.ts";
import { applyFilters } from "./apply-filters.ts";
import { recordChange } from "./change-log.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { addFollowUps } from "./follow-ups.ts";
import type { Delivery, Letter } from "./letter.ts";
import { type Mailbox, type MessageRow, prepared } from "./mailbox-database.ts";
import { addMessage } from "./new-message.ts";
import { receivedAt } from "./object-ids.ts";
import { markReported, threadOf } from "./outbox-report.ts";
import type { Placing } from "./placement.ts";
import { findMessage } from "./read-messages.ts";
import type { UntoldRecipient } from "./recipient-states.ts";
import { isMarkedForged, rememberedDelivery } from "./remembered-deliveries.ts";
import { takeReport } from "./reports.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import { runSieve } from "./run-sieve.ts";
import { type Sorted, sortLetter } from "./sort-letter.ts";
import { ownVacationReply } from "./vacation.ts";
import { wakeThread } from "./wake.ts";

/**
 * `threadId`: the conversation of a letter that the mesh itself wrote. A stranger's letter is put where it belongs.
 * `into`: the archive, read, for what was meant for the mesh and is done, a request to unsubscribe.
 */
export function deliver(
  box: Mailbox,
  letter: Letter,
  threadId: number | null = null,
  into: "inbox" | "archive" = "inbox",
): Delivery {
  return box.db.transaction(() => {
    const repeated = findRepeat(box, letter);
    if (repeated !== null) {
      const raw_key = addRecipients(box, repeated, letter.delivered_to);
      return { outcome: "repeat", message_id: repeated, raw_key };
    }
    const refusal = letter.is_acknowledged ? null : refusalOf(box, letter.return_path, letter.size);
    if (refusal !== null) return refused(refusal);
    const { report, delivered_to, received_at } = letter;
    const about = report ? takeReport(box, { report, delivered_to, received_at }) : null;
    const if_muted = { folder_ids: [ROLE_ID.archive], is_read: true };
    const { spam, warnings, follow_ups: answers, ...place } = sortLetter(box, letter, into);
    const isForOwner = into === "inbox" && about === null;
    // What is junk, or was blocked, is no script's business: spam is never answered, and never sent on.
    const sieved = isForOwner && place.folder_ids.includes(ROLE_ID.inbox) ? runSieve(box, letter) : null;
    if (sieved === "refused") return refused("refused_by_recipient");
    const { follow_ups, ...sorted } = { ...place, follow_ups: answers, ...sieved };
    // What the mesh itself has to say, that a message failed, is heard in any thread.
    const placed = { ...sorted, is_draft: false, ...(threadId === null && about === null && { if_muted }) };
    const examined = examinedOf(letter, { spam, warnings });
    const sort = (row: MessageRow, placing: Placing): MessageRow => {
      const filtered = applyFilters(box, letter, row, placing);
      // RFC 5230 §4.7: one message is answered by one notice.
      const isAnswered = follow_ups.some(({ kind }) => kind === "vacation");
      follow_ups.push(...filtered.follow_ups, ...(isAnswered ? [] : ownVacationReply(box, letter, filtered.row)));
      return filtered.row;
    };
    const added = { ...letter, ...placed, examined, thread_id: threadId, ...(isForOwner && { sort }), ...about };
    const row = addMessage(box, added);
    if (row.thread_id !== row.id && row.folder_ids.includes(ROLE_ID.inbox)) wakeThread(box, row.thread_id);
    const has_follow_ups = addFollowUps(box, row.id, follow_ups, received_at);
    return { outcome: "delivered", message_id: row.id, raw_key: row.raw_key, has_follow_ups };
  });
}

/**
 * The owner is told of failures and delays: the report arrives, and they are marked as told, in one transaction. Without
 * a letter it is on its way, or wanted by nobody. False: all of them were told before, and it is not needed.
 */
export function deliverReport(
  box: Mailbox,
  submissionId: number,
  told: UntoldRecipient[],
  letter: Letter | null,
  schedule: RetrySchedule,
  now: number,
): boolean {
  return box.db.transaction(() => {
    if (!markReported(box, submissionId, told, schedule, now)) return false;
    if (letter) deliver(box, { ...letter, is_acknowledged: true }, threadOf(box.db, submissionId));
    return true;
  });
}

export const refused = (refusal: RefusalReason): Delivery => {
  return { outcome: "refused", refusal, message_id: null, raw_key: null };
};

/** What is kept of the examination: the header is in the bytes. */
function examinedOf({ examination }: Letter, verdict: Pick<Sorted, "spam" | "warnings">) {
  const { authentication = null, attachment_scan = null, list_unsubscribe = null } = examination ?? {};
  return { authentication, attachment_scan, list_unsubscribe, ...verdict };
}

/** The message that this letter repeats. It counts although the message was deleted since: the owner saw it. */
function findRepeat(box: Mailbox, letter: Letter): number | null {
  const { content, fingerprint: hash, received_at, repeat_window } = letter;
  const isForged = isMarkedForged(letter.examination?.authentication);
  const here = selectSame(box.db).get({ rfc_message_id: content.rfc_message_id, hash })?.id ?? null;
  // Whoever has a mailing first could send a forged copy of it, and would keep out the mailing itself.
  const isMasked = here !== null && !isForged && isMarkedForged(findMessage(box.db, here)?.authentication);
  const id = here === null || isMasked ? rememberedDelivery(box.db, hash, isForged) : here;
  return id !== null && Math.abs(received_at - receivedAt(id)) <= repeat_window ? id : null;
}

/** By the index message_by_rfc_message_id, whose second column is what decides. */
const selectSame = prepared((db) =>
  db
    .select({ id: max(message.id) })
    .from(message)
    .where(
      and(
        sql`${message.rfc_message_id} IS ${sql.placeholder("rfc_message_id")}`,
        eq(message.fingerprint, sql.placeholder("hash")),
      ),
    )
    .prepare(),
);

/** Anybody can send the same to one +tag after the other, and a row is not without end. */
const MAX_DELIVERED_TO = 100;

/** A second address of this account makes no second copy: the one copy lists both. Returns where its bytes lie. */
function addRecipients(box: Mailbox, id: number, addresses: string[]): string | null {
  const { delivered_to, raw_key } = message;
  const row = box.db.select({ delivered_to, raw_key }).from(message).where(eq(message.id, id)).get();
  if (row === undefined) return null;
  const all = [...new Set([...row.delivered_to, ...addresses])].slice(0, MAX_DELIVERED_TO);
  if (all.length > row.delivered_to.length) {
    box.db.update(message).set({ delivered_to: all }).where(eq(message.id, id)).run();
    recordChange(box.db, "message", id, "changed");
  }
  return row.raw_key;
}
