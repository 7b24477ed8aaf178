/**
 * Answers that nobody writes: to whom, and how often. Never to programs and lists, never to who was forged, and to each
 * sender once in a period (RFC 3834 §2, RFC 5230 §4). Who was answered is written in the delivery's own transaction.
 */
import { and, eq, lt } from "drizzle-orm";
import type { Filter } from "../../contract/filters.ts";
import type { NewFollowUp } from "../../contract/follow-ups.ts";
import { addressKey } from "../../mail/address/address-key.ts";
import { whyUnanswered } from "../../mail/filters/answerable.ts";
import { vacation_reply } from "../../schema/mailbox/tables.ts";
import { listIdentities } from "./identities.ts";
import type { Letter } from "./letter.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";

const DAY_MS = 24 * 3_600_000;

/** The longest period of any answer: what is older is forgotten. */
const MAX_PERIOD_DAYS = 90;

/** Whether somebody waits for an answer to it, as far as its envelope, its header and its authentication say. */
export function isAnswerable(box: Mailbox, { return_path, examination }: Letter): boolean {
  // What the mesh wrote itself was not examined, and what cannot be told is not answered.
  if (!examination || whyUnanswered(return_path, examination.header) !== null) return false;
  if (ownKeys(box).has(addressKey(return_path))) return false;
  const { authentication } = examination;
  if (authentication === null) return true;
  // An answer to a forged sender is spam to somebody else.
  const isForged = authentication.spf.result === "fail" && authentication.sender !== "verified";
  return authentication.sender !== "forged" && !isForged;
}

/** The addresses that are certain to be the account's: its own, and those that it writes as. */
export const ownKeys = (box: Mailbox): Set<string | null> =>
  new Set([box.email, ...listIdentities(box).map(({ email }) => email)].map(addressKey));

/** True the first time in a period, and then it is written down. Part of the delivery's transaction. */
export function isFirstIn(box: Mailbox, handle: string, sender: string, days: number, now: number): boolean {
  const address = addressKey(sender) ?? sender;
  const isOne = and(eq(vacation_reply.handle, handle), eq(vacation_reply.address, address));
  const seen = box.db.select().from(vacation_reply).where(isOne).get();
  const period = Math.min(Math.max(days, 1), MAX_PERIOD_DAYS) * DAY_MS;
  if (seen !== undefined && now - seen.replied_at < period) return false;
  const row = { handle, address, replied_at: now };
  box.db
    .insert(vacation_reply)
    .values(row)
    .onConflictDoUpdate({ target: [vacation_reply.handle, vacation_reply.address], set: { replied_at: now } })
    .run();
  return true;
}

/** Nothing was sent after all: the next message is answered. */
export function takeBackAnswer(db: MailboxDb, handle: string, sender: string): void {
  const address = addressKey(sender) ?? sender;
  const isOne = and(eq(vacation_reply.handle, handle), eq(vacation_reply.address, address));
  db.delete(vacation_reply).where(isOne).run();
}

/** A notice with other words is told to everybody again (RFC 5230 §4.2). */
export const forgetAnswered = (db: MailboxDb, handle: string): void =>
  void db.delete(vacation_reply).where(eq(vacation_reply.handle, handle)).run();

export const forgetOldAnswers = (db: MailboxDb, now: number): void =>
  void db
    .delete(vacation_reply)
    .where(lt(vacation_reply.replied_at, now - MAX_PERIOD_DAYS * DAY_MS))
    .run();

/** The answer of the first filter that has one, once a day to each sender. */
export function answersOf(box: Mailbox, letter: Letter, matched: Filter[]): NewFollowUp[] {
  const [first] = matched.flatMap(({ id, actions: { reply } }) =>
    reply ? [{ handle: `filter:${id}`, ...reply }] : [],
  );
  if (first === undefined || !isAnswerable(box, letter)) return [];
  if (!isFirstIn(box, first.handle, letter.return_path, 1, letter.received_at)) return [];
  return [{ kind: "reply", to: letter.return_path, ...first }];
}
