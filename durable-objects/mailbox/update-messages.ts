/** Marking, flagging, moving and deleting: one message or a thousand, all in one transaction or not at all. */
import { eq, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_FOLDERS_OF_MESSAGE } from "../../contract/limits.ts";
import type { MessageSummary, UpdateMessages } from "../../contract/messages.ts";
import { body, folder, message, muted_thread, released } from "../../schema/mailbox/tables.ts";
import { recordChange, recordMessage } from "./change-log.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MailboxDb, MessageRow } from "./mailbox-database.ts";
import { removeFromIndex } from "./message-index.ts";
import { requireNumber } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { type HeldMessage, messagesById, summariesById } from "./read-messages.ts";
import { rememberDelivery } from "./remembered-deliveries.ts";
import { keywordsAfter, requireFewSnoozed, requireFuture, snoozeAfter, snoozed } from "./snooze.ts";
import { noteMove } from "./spam-lessons.ts";
import { hasMessages } from "./threads.ts";

/** Returns the messages as they are now; destroyed ones are not among them. */
export function updateMessages(box: Mailbox, update: UpdateMessages): MessageSummary[] {
  return box.db.transaction(() => {
    const ids = [...new Set(update.ids)].map((id) => requireNumber(box, "message", id));
    const rows = messagesById(box.db, ids);
    if (rows.length !== ids.length) throw notFound("message");
    const foldersOf = foldersAfter(box, update);
    const keywords = update.keywords && [...new Set(update.keywords)];
    const wanted = update.snoozed_until;
    const until = typeof wanted === "string" ? requireFuture(wanted, Date.now()) : wanted;
    const placing = new Placing(box.db);
    let modseq = 0;
    for (const row of rows) {
      const folder_ids = foldersOf(row);
      if (folder_ids) noteMove(box.db, row, folder_ids);
      if (update.delete) modseq = trashOrDestroy(box.db, row, placing) ?? modseq;
      else {
        const { is_read, is_flagged } = update;
        const snooze = until === undefined ? {} : snoozed(row, until);
        modseq = change(box.db, row, { is_read, is_flagged, folder_ids, keywords, ...snooze }, placing) ?? modseq;
      }
    }
    if (until) requireFewSnoozed(box.db);
    placing.settle(modseq);
    return summariesById(box, ids);
  });
}

/** The folders that an update leads to for a message; undefined where it says nothing of them. */
function foldersAfter(box: Mailbox, update: UpdateMessages): (row: HeldMessage) => number[] | undefined {
  const whole = update.folder_ids && requireFolders(box, update.folder_ids);
  const added = requireFolders(box, update.add_folder_ids ?? [], "body.add_folder_ids");
  // One that is gone meanwhile has no messages to be taken from.
  const removed = (update.remove_folder_ids ?? []).map((id) => requireNumber(box, "folder", id));
  if (added.length + removed.length === 0) return () => whole;
  return ({ folder_ids }) => {
    const after = [...new Set([...folder_ids.filter((id) => !removed.includes(id)), ...added])];
    if (after.length > MAX_FOLDERS_OF_MESSAGE)
      throw new Failure("invalid_folders", "A message is in too many folders.");
    return after.length > 0 ? after : [ROLE_ID.archive];
  };
}

interface Wanted {
  is_read?: boolean | undefined;
  is_flagged?: boolean | undefined;
  folder_ids?: number[] | undefined;
  keywords?: string[] | undefined;
  snoozed_until?: number | null | undefined;
}

/** Returns the change's modseq, or null when the message is so already: saying it again changes nothing. */
export function change(db: MailboxDb, row: HeldMessage, wanted: Wanted, placing: Placing): number | null {
  const after = {
    is_read: wanted.is_read ?? row.is_read,
    is_flagged: wanted.is_flagged ?? row.is_flagged,
    folder_ids: wanted.folder_ids ?? row.folder_ids,
  };
  const asked = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const keywords = keywordsAfter(row, asked);
  const snoozed_until = snoozeAfter(row, asked);
  const isReplaced =
    after.is_read !== row.is_read || after.is_flagged !== row.is_flagged || !isSame(after.folder_ids, row.folder_ids);
  const isMarked = !isSame(keywords, row.keywords) || snoozed_until !== row.snoozed_until;
  if (!isReplaced && !isMarked) return null;
  if (isReplaced) placing.replace(row, after);
  if (isMarked) db.update(message).set({ keywords, snoozed_until }).where(eq(message.id, row.id)).run();
  return recordMessage(db, row, "changed");
}

/** The same members, each being there once. */
export const isSame = <T>(a: T[], b: T[]): boolean => a.length === b.length && a.every((one) => b.includes(one));

function trashOrDestroy(db: MailboxDb, row: HeldMessage, placing: Placing): number | null {
  if (row.folder_ids.includes(ROLE_ID.trash)) return destroy(db, row, placing);
  return change(db, row, { folder_ids: [ROLE_ID.trash] }, placing);
}

/** Takes a message out of the mailbox for good. Its bytes in R2 go later, by the alarm: see housekeeping.ts. */
export function destroy(db: MailboxDb, row: HeldMessage, placing: Placing): number {
  const going = { ...row, ...goingOf(db, row.id) };
  placing.displace(going);
  db.delete(message).where(eq(message.id, row.id)).run();
  db.delete(body).where(eq(body.message_id, row.id)).run();
  removeFromIndex(db, row.id);
  db.insert(released).values({ raw_key: row.raw_key }).onConflictDoNothing().run();
  rememberDelivery(db, going);
  const isThreadLeft = hasMessages(db, row.thread_id);
  if (!isThreadLeft) {
    db.delete(muted_thread).where(eq(muted_thread.thread_id, row.thread_id)).run();
    recordChange(db, "thread", row.thread_id, "destroyed");
  }
  return recordMessage(db, row, "destroyed", isThreadLeft ? row.thread_id : null);
}

/** What is needed of a message that goes, and too wide for those that are moved or marked. */
function goingOf(db: MailboxDb, id: number): Pick<MessageRow, "attachments" | "authentication"> {
  const { attachments, authentication } = message;
  const row = db.select({ attachments, authentication }).from(message).where(eq(message.id, id)).get();
  return row ?? { attachments: [], authentication: null };
}

/** Folder ids from outside: each must be here, and take messages. */
export function requireFolders(box: Mailbox, folderIds: string[], at = "body.folder_ids"): number[] {
  const ids = [...new Set(folderIds)].map((id) => requireNumber(box, "folder", id));
  const list = JSON.stringify(ids);
  const known = box.db.select().from(folder).where(sql`${folder.id} IN (SELECT value FROM json_each(${list}))`).all();
  if (known.length !== ids.length) throw notFound("folder");
  const views = known.filter(({ id }) => isView(id));
  if (views.length > 0) {
    throw new Failure("invalid_folders", "A view holds no messages of its own.", [
      { at, message: `${views.map(({ name }) => name).join(", ")}: nothing can be put here` },
    ]);
  }
  return ids;
}
