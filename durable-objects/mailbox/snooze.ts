/**
 * Snoozed messages: out of the inbox until a moment that their owner chose, and then in it again, unread and marked
 * `$new` (RFC 9979). This file says what becomes of a message; wake.ts does it when it is time.
 *
 * As in Gmail a snooze ends where its message is put into the inbox or thrown away, and when its conversation goes on;
 * a label more or less leaves it as it is.
 */
import { count, isNotNull } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { MAX_SNOOZED } from "../../contract/limits.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { MailboxDb, MessageRow } from "./mailbox-database.ts";

type Snoozable = Pick<MessageRow, "folder_ids" | "is_read" | "keywords" | "snoozed_until">;

/** It was brought to its owner's attention again, and not looked at since (RFC 9979). */
export const NEW = "$new";

const ENDS_SNOOZE: number[] = [ROLE_ID.inbox, ROLE_ID.trash, ROLE_ID.junk];
const NEVER_SNOOZED: number[] = [ROLE_ID.drafts, ROLE_ID.trash, ROLE_ID.junk];

/** The folders of a message without the inbox. It stays somewhere. */
export function outOfInbox({ folder_ids }: Pick<MessageRow, "folder_ids">): number[] {
  const others = folder_ids.filter((id) => id !== ROLE_ID.inbox);
  return others.length > 0 ? others : [ROLE_ID.archive];
}

/** Back in the inbox, and no longer in the archive, which is where it was put to be out of it. */
export const intoInbox = ({ folder_ids }: Pick<MessageRow, "folder_ids">): number[] => [
  ...new Set([...folder_ids.filter((id) => id !== ROLE_ID.archive), ROLE_ID.inbox]),
];

/** What a message is changed to when its owner snoozes it, or (null) wants it back now. Throws for what cannot be snoozed. */
export function snoozed(row: Snoozable, until: number | null): Partial<Snoozable> {
  if (until === null) return row.snoozed_until === null ? {} : { folder_ids: intoInbox(row), snoozed_until: null };
  if (row.folder_ids.some((id) => NEVER_SNOOZED.includes(id))) {
    throw new Failure("invalid_folders", "A draft, and what is in trash or junk, cannot be snoozed.", [
      { at: "body.snoozed_until", message: "not for a message in drafts, trash or junk" },
    ]);
  }
  return { folder_ids: outOfInbox(row), snoozed_until: until };
}

/** A moment that is to come. What comes of an import's clock or a wrong zone would wake at once, and look like nothing. */
export function requireFuture(text: string, now: number): number {
  const until = Date.parse(text);
  if (until > now) return until;
  const issue = { at: "body.snoozed_until", message: "is not in the future" };
  throw new Failure("bad_request", "A message is snoozed until a moment that is to come.", [issue]);
}

/** They are looked through when a conversation goes on. */
export function requireFewSnoozed(db: MailboxDb): void {
  const { n } = db.select({ n: count() }).from(message).where(isNotNull(message.snoozed_until)).get() ?? { n: 0 };
  if (n > MAX_SNOOZED) throw new Failure("conflict", `At most ${MAX_SNOOZED} messages are snoozed at a time.`);
}

/** The snooze of a message after a change, whoever made it. */
export const snoozeAfter = (row: Snoozable, wanted: Partial<Snoozable>): number | null => {
  if (wanted.snoozed_until !== undefined) return wanted.snoozed_until;
  return wanted.folder_ids?.some((id) => ENDS_SNOOZE.includes(id)) ? null : row.snoozed_until;
};

/** The keywords after a change: what its owner has read, or taken out of the inbox, is new no longer. */
export function keywordsAfter(row: Snoozable, wanted: Partial<Snoozable>): string[] {
  const keywords = wanted.keywords ?? row.keywords;
  const isRead = wanted.is_read === true && !row.is_read;
  const isMoved = row.folder_ids.includes(ROLE_ID.inbox) && wanted.folder_ids?.includes(ROLE_ID.inbox) === false;
  return isRead || isMoved ? keywords.filter((keyword) => keyword !== NEW) : keywords;
}
