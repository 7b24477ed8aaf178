/** Drafts: messages that are still being written. Replacing one keeps its id, thread and place. */
import { eq } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { message, released } from "../../schema/mailbox/tables.ts";
import { recordMessage } from "./change-log.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Content, StoredBytes } from "./letter.ts";
import type { Mailbox, MessageRow } from "./mailbox-database.ts";
import { addToIndex, removeFromIndex } from "./message-index.ts";
import { addMessage, columnsOf, type NewMessage, replaceBody } from "./new-message.ts";
import { Placing } from "./placement.ts";
import { requireRoom } from "./quota.ts";
import { requireMessage } from "./read-messages.ts";

export interface Composed extends StoredBytes {
  content: Content;
}

export function createDraft(box: Mailbox, composed: Composed, now: number): MessageRow {
  return box.db.transaction(() => {
    requireRoom(box.db, composed.size);
    return addMessage(box, asDraft(composed, now));
  });
}

export function replaceDraft(box: Mailbox, id: string, composed: Composed, now: number): MessageRow {
  return box.db.transaction(() => {
    const before = requireDraft(box, id);
    const { folder_ids, is_read, keywords } = before;
    return replaceContent(box, before, { ...asDraft(composed, now), folder_ids, is_read, keywords });
  });
}

/** Another content and other bytes under the same id, thread and flag. Part of the caller's transaction. */
export function replaceContent(box: Mailbox, before: MessageRow, replacement: NewMessage): MessageRow {
  const { db } = box;
  // In a mailbox that is too full already its owner may still shorten what he writes.
  if (replacement.size > before.size) requireRoom(db, replacement.size - before.size);
  const placing = new Placing(db);
  placing.displace(before);
  const after = db.update(message).set(columnsOf(replacement)).where(eq(message.id, before.id)).returning().get();
  placing.place(after);
  replaceBody(db, before.id, replacement.content);
  removeFromIndex(db, before.id);
  addToIndex(db, before.id, replacement.content.index);
  db.insert(released).values({ raw_key: before.raw_key }).onConflictDoNothing().run();
  placing.settle(recordMessage(db, after, "changed"));
  return after;
}

export function requireDraft(box: Mailbox, id: string): MessageRow {
  const row = requireMessage(box, id);
  if (!row.is_draft) throw new Failure("conflict", "This message is not a draft: what was sent cannot be changed.");
  return row;
}

function asDraft(composed: Composed, now: number): NewMessage {
  return {
    ...composed,
    received_at: now,
    return_path: "",
    delivered_to: [],
    folder_ids: [ROLE_ID.drafts],
    is_read: true,
    is_draft: true,
  };
}
