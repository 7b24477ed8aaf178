/**
 * Telling the owner that the account was stopped, once: the alarm asks the mesh for a letter, each minute until there is
 * one, since a queue may lose what it is given. What was told is kept beside the tables.
 */
import { deliver } from "./deliver.ts";
import type { Letter } from "./letter.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { stoppedAt, stopReason } from "./sending-stop.ts";

export interface StopNotice {
  email: string;
  stopped_at: number;
  why: string;
}

const TOLD = "stop_told";
const NEXT_AT = "stop_notice_at";
const AGAIN_AFTER_MS = 60_000;

/** When the mesh must be asked for the letter, or null. */
export function nextNotice(db: MailboxDb, kv: SyncKvStorage): number | null {
  const at = stoppedAt(db);
  return at === null || kv.get<number>(TOLD) === at ? null : Math.max(at, kv.get<number>(NEXT_AT) ?? 0);
}

/** Whether to ask now. If so, it is as if the asking had been lost. */
export function takeNotice(db: MailboxDb, kv: SyncKvStorage, now: number): boolean {
  const at = nextNotice(db, kv);
  if (at === null || at > now) return false;
  kv.put(NEXT_AT, now + AGAIN_AFTER_MS);
  return true;
}

/** What the letter is to say, or null: it was told, or the stop was lifted. */
export function readNotice(box: Mailbox, kv: SyncKvStorage): StopNotice | null {
  const stopped_at = stoppedAt(box.db);
  if (stopped_at === null || kv.get<number>(TOLD) === stopped_at) return null;
  return { email: box.email, stopped_at, why: stopReason(box.db) };
}

/** The letter arrives and is marked as told, at once. False: it is not needed any more. */
export function deliverNotice(box: Mailbox, kv: SyncKvStorage, stopped_at: number, letter: Letter): boolean {
  if (readNotice(box, kv)?.stopped_at !== stopped_at) return false;
  deliver(box, { ...letter, is_acknowledged: true });
  kv.put(TOLD, stopped_at);
  kv.delete(NEXT_AT);
  return true;
}
