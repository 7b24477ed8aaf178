/**
 * What a delivery makes leave: a forward, a reply, a vacation notice, a refusal. The delivery writes down in its own
 * transaction what is wanted; the alarm asks the mesh for it through the queue, again and again until it is done, since
 * a queue may lose or repeat. A Worker composes the bytes, stores them, and hands them in: the submission is made and
 * the wish deleted in one transaction, so that through any crash it leaves once.
 *
 * A sender must not be able to make a mailbox send without end: so many for a message, so many that wait, so many an
 * hour, and of what the account may send in a day one half, the other being its owner's own.
 */
import { and, asc, count, eq, gte, inArray, isNull, lte, min, sql } from "drizzle-orm";
import { isFailure } from "../../contract/failure.ts";
import { FollowUp, type NewFollowUp } from "../../contract/follow-ups.ts";
import { follow_up, submission } from "../../schema/mailbox/tables.ts";
import { takeBackAnswer } from "./automatic-answers.ts";
import { type Mailbox, type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";
import { firstIdAt, receivedAt } from "./object-ids.ts";
import { findMessage } from "./read-messages.ts";
import { type Sender, senderOf } from "./sender.ts";
import { countSending } from "./sending-limits.ts";
import { addSubmission } from "./submissions.ts";
import { findSuppressed } from "./suppressions.ts";

/** Of one message, and those of all messages that are not done. */
const MAX_OF_MESSAGE = 10;
const MAX_WAITING = 1000;
const MAX_IN_HOUR = 200;
const SHARE_OF_DAY = 0.5;

const AT_ONCE = 100;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** As long as mail is tried at all (RFC 5321 §4.5.4.1). What is older is of no use to anybody. */
const GIVEN_UP_AFTER_MS = 4 * 24 * HOUR_MS;

/** Part of the delivery's transaction. Returns whether the alarm has something to do. */
export function addFollowUps(box: Mailbox, message_id: number, wanted: NewFollowUp[], now: number): boolean {
  if (wanted.length === 0) return false;
  const room = MAX_WAITING - countWaiting(box.db);
  const taken = wanted.slice(0, Math.max(0, Math.min(MAX_OF_MESSAGE, room)));
  if (taken.length < wanted.length) {
    console.warn("too many follow-ups, some are left out", {
      user_id: box.user_id,
      left: wanted.length - taken.length,
    });
  }
  for (const one of taken) {
    const { kind, ...detail } = FollowUp.parse(one);
    box.db.insert(follow_up).values({ message_id, kind, detail, next_attempt_at: now }).run();
  }
  return taken.length > 0;
}

const countWaiting = (db: MailboxDb): number => db.select({ n: count() }).from(follow_up).get()?.n ?? 0;

/** When the alarm must ring next for them, or null. */
export const nextFollowUp = (db: MailboxDb): number | null => selectNext(db).get()?.at ?? null;

const selectNext = prepared((db) =>
  db
    .select({ at: min(follow_up.next_attempt_at) })
    .from(follow_up)
    .prepare(),
);

/** Those whose time has come. Their next one is set as if the queue had lost them. */
export function takeDueFollowUps(db: MailboxDb, now: number): number[] {
  const due = db
    .select({ id: follow_up.id })
    .from(follow_up)
    .where(lte(follow_up.next_attempt_at, now))
    .orderBy(asc(follow_up.next_attempt_at))
    .limit(AT_ONCE)
    .all();
  const ids = due.map(({ id }) => id);
  if (ids.length === 0) return [];
  // 1, 2, 4 … 32 minutes, and then an hour.
  const next_attempt_at = sql`${now} + min(${HOUR_MS}, ${MINUTE_MS} * (1 << min(attempts, 10)))`;
  db.update(follow_up).set({ attempts: sql`attempts + 1`, next_attempt_at }).where(inArray(follow_up.id, ids)).run();
  return ids;
}

/** What a follow-up is made of. */
export interface WantedFollowUp {
  follow_up: FollowUp;
  owner: Sender;
  message: Pick<
    MessageRow,
    | "id"
    | "raw_key"
    | "added_fields"
    | "return_path"
    | "delivered_to"
    | "rfc_message_id"
    | "references"
    | "subject"
    | "from"
    | "sent_at"
  >;
}

/** Null: it is done, or can never be done and is forgotten. */
export function readFollowUp(box: Mailbox, id: number, now: number): WantedFollowUp | null {
  const row = findFollowUp(box.db, id);
  if (row === undefined) return null;
  const parsed = FollowUp.safeParse({ ...row.detail, kind: row.kind });
  const found = findMessage(box.db, row.message_id);
  const isOld = now - receivedAt(row.message_id) > GIVEN_UP_AFTER_MS;
  if (!parsed.success) forget(box, id, "it is not readable");
  else if (found === undefined) forget(box, id, "its message is gone");
  else if (isOld) forget(box, id, "its time is over");
  else {
    const { raw_key, added_fields, return_path, delivered_to, rfc_message_id, references, subject, from, sent_at } =
      found;
    const envelope = { id: found.id, raw_key, added_fields, return_path, delivered_to };
    const message = { ...envelope, rfc_message_id, references, subject, from, sent_at };
    return { follow_up: parsed.data, owner: senderOf(box), message };
  }
  return null;
}

const findFollowUp = (db: MailboxDb, id: number) => db.select().from(follow_up).where(eq(follow_up.id, id)).get();

function forget(box: Mailbox, id: number, why: string): void {
  console.warn("follow-up given up", { user_id: box.user_id, follow_up: id, why });
  const [gone] = box.db.delete(follow_up).where(eq(follow_up.id, id)).returning().all();
  const { handle, to } = gone?.detail ?? {};
  if (typeof handle === "string" && typeof to === "string") takeBackAnswer(box.db, handle, to);
}

/** What is to leave: composed, stored, and nobody's yet. */
export interface FollowUpMail {
  raw_key: string;
  mail_from: string;
  /** `inbox`: what fails is told to the owner. `nobody`: it goes from nobody. */
  report_to: "inbox" | "nobody";
  to: string;
}

/** All but `queued` leave the bytes without a use. */
export type FollowUpOutcome = "queued" | "gone" | "put_off" | "given_up";

/** Its submission is made, and the wish is gone. Doing it twice does it once. Null: there is nothing to be sent. */
export function finishFollowUp(
  box: Mailbox,
  id: number,
  mail: FollowUpMail | null,
  sendLimit: number | null,
  now: number,
): FollowUpOutcome {
  return box.db.transaction(() => {
    const row = findFollowUp(box.db, id);
    if (row === undefined) return "gone";
    const why = mail === null ? "there is nothing to be sent" : whyNever(box, mail);
    if (mail === null || why !== null) {
      forget(box, id, why ?? "");
      return "given_up";
    }
    const hindrance = whyNotNow(box, mail, sendLimit, now);
    if (hindrance !== null) {
      // Nobody waits for an answer of yesterday. A forward is mail that somebody may be looking for.
      if (row.kind !== "forward") forget(box, id, hindrance);
      else putOff(box.db, id, now);
      return row.kind === "forward" ? "put_off" : "given_up";
    }
    const { raw_key, mail_from, report_to, to } = mail;
    addSubmission(box, { message_id: null, raw_key, mail_from, report_to, rcpt_to: [to], send_at: now }, now);
    box.db.delete(follow_up).where(eq(follow_up.id, id)).run();
    return "queued";
  });
}

/** An address that does not exist, or whose reader complained, gets nothing that nobody looks at before it leaves. */
function whyNever(box: Mailbox, { to }: FollowUpMail): string | null {
  const [found] = findSuppressed(box, [to]).filter(({ reason }) => reason !== "unsubscribed");
  return found === undefined ? null : `mail to its address is suppressed: ${found.reason}`;
}

/** Counts it, or says why it cannot leave now. */
function whyNotNow(box: Mailbox, { to }: FollowUpMail, sendLimit: number | null, now: number): string | null {
  if (countWithoutCopy(box.db, now - HOUR_MS) >= MAX_IN_HOUR) return "too many in an hour";
  try {
    countSending(box, { mail_from: box.email, rcpt_to: [to] }, sendLimit, now, SHARE_OF_DAY);
    return null;
  } catch (error) {
    if (isFailure(error) && error instanceof Error) return error.message;
    throw error;
  }
}

/** What left since then without its owner's doing: it has no copy in Sent. Ids are times, so this reads only those. */
const countWithoutCopy = (db: MailboxDb, since: number): number =>
  db
    .select({ n: count() })
    .from(submission)
    .where(and(gte(submission.id, firstIdAt(since)), isNull(submission.message_id)))
    .get()?.n ?? 0;

const putOff = (db: MailboxDb, id: number, now: number): void =>
  void db
    .update(follow_up)
    .set({ next_attempt_at: now + HOUR_MS })
    .where(eq(follow_up.id, id))
    .run();
