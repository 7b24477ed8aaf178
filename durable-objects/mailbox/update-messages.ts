/** Marking, flagging, moving and deleting: one message or a thousand, all in one transaction or not at all. */
import { eq, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import type { UpdateMessages } from "../../contract/messages.ts";
import { body, folder, message, released } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MailboxDb, MessageRow } from "./mailbox-database.ts";
import { removeFromIndex } from "./message-index.ts";
import { requireNumber } from "./object-ids.ts";
import { applyCounts, type CountDeltas, displace, replace } from "./placement.ts";
import { messagesById } from "./read-messages.ts";

/** Returns the rows as they are now; destroyed ones are not among them. */
export function updateMessages(box: Mailbox, update: UpdateMessages): MessageRow[] {
  return box.db.transaction(() => {
    const ids = [...new Set(update.ids)].map((id) => requireNumber(box, "message", id));
    const rows = messagesById(box.db, ids);
    if (rows.length !== ids.length) throw notFound("message");
    const folder_ids = update.folder_ids && requireFolders(box, update.folder_ids);
    const deltas: CountDeltas = new Map();
    let modseq = 0;
    for (const row of rows) {
      if (update.delete) modseq = trashOrDestroy(box.db, row, deltas) ?? modseq;
      else modseq = change(box.db, row, { ...update, folder_ids }, deltas) ?? modseq;
    }
    applyCounts(box.db, deltas, modseq);
    return messagesById(box.db, ids);
  });
}

interface Wanted {
  is_read?: boolean | undefined;
  is_flagged?: boolean | undefined;
  folder_ids?: number[] | undefined;
}

/** Returns the change's modseq, or null when the message is so already: saying it again changes nothing. */
function change(db: MailboxDb, row: MessageRow, wanted: Wanted, deltas: CountDeltas): number | null {
  const after = {
    id: row.id,
    is_read: wanted.is_read ?? row.is_read,
    is_flagged: wanted.is_flagged ?? row.is_flagged,
    folder_ids: wanted.folder_ids ?? row.folder_ids,
  };
  const isMoved =
    after.folder_ids.length !== row.folder_ids.length || after.folder_ids.some((id) => !row.folder_ids.includes(id));
  if (after.is_read === row.is_read && after.is_flagged === row.is_flagged && !isMoved) return null;
  replace(db, row, after, deltas);
  return recordChange(db, "message", row.id, "changed");
}

function trashOrDestroy(db: MailboxDb, row: MessageRow, deltas: CountDeltas): number | null {
  if (row.folder_ids.includes(ROLE_ID.trash)) return destroy(db, row, deltas);
  return change(db, row, { folder_ids: [ROLE_ID.trash] }, deltas);
}

/** Takes a message out of the mailbox for good. Its bytes in R2 go later, by the alarm: see housekeeping.ts. */
export function destroy(db: MailboxDb, row: MessageRow, deltas: CountDeltas): number {
  displace(db, row, deltas);
  db.delete(message).where(eq(message.id, row.id)).run();
  db.delete(body).where(eq(body.message_id, row.id)).run();
  removeFromIndex(db, row.id);
  db.insert(released).values({ raw_key: row.raw_key }).onConflictDoNothing().run();
  const isThreadLeft = db
    .select({ id: message.id })
    .from(message)
    .where(eq(message.thread_id, row.thread_id))
    .limit(1)
    .get();
  recordChange(db, "thread", row.thread_id, isThreadLeft ? "changed" : "destroyed");
  return recordChange(db, "message", row.id, "destroyed");
}

/** Folder ids from outside: each must be here, and take messages. */
function requireFolders(box: Mailbox, folderIds: string[]): number[] {
  const ids = [...new Set(folderIds)].map((id) => requireNumber(box, "folder", id));
  const list = JSON.stringify(ids);
  const known = box.db.select().from(folder).where(sql`${folder.id} IN (SELECT value FROM json_each(${list}))`).all();
  if (known.length !== ids.length) throw notFound("folder");
  const views = known.filter(({ id }) => isView(id));
  if (views.length > 0) {
    throw new Failure("invalid_folders", "A view holds no messages of its own.", [
      { at: "body.folder_ids", message: `${views.map(({ name }) => name).join(", ")}: nothing can be put here` },
    ]);
  }
  return ids;
}
