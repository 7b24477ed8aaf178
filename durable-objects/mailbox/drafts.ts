/** Drafts: messages that are still being written. Replacing one keeps its id, thread and place. */
import { eq } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { revisionOf } from "../../contract/r2-keys.ts";
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

/** `revisions`: those that the writer has seen. Null replaces whatever is there: who saves last is who wrote last. */
export function replaceDraft(
  box: Mailbox,
  id: string,
  composed: Composed,
  revisions: string[] | null,
  now: number,
): MessageRow {
  return box.db.transaction(() => {
    return replaceContent(box, requireDraft(box, id, revisions), asDraft(composed, now));
  });
}

/** Another content and other bytes in the same places, with the same marks. Part of the caller's transaction. */
export function replaceContent(box: Mailbox, before: MessageRow, replacement: NewMessage): MessageRow {
  const { db } = box;
  // In a mailbox that is too full already its owner may still shorten what he writes.
  if (replacement.size > before.size) requireRoom(db, replacement.size - before.size);
  const { folder_ids: _folders, is_read: _read, keywords: _keywords, ...columns } = columnsOf(replacement);
  const after = db.update(message).set(columns).where(eq(message.id, before.id)).returning().get();
  const placing = new Placing(db);
  placing.reweigh(before, after);
  replaceBody(db, before.id, replacement.content);
  removeFromIndex(db, before.id);
  addToIndex(db, before.id, replacement.content.index);
  db.insert(released).values({ raw_key: before.raw_key }).onConflictDoNothing().run();
  placing.settle(recordMessage(db, after, "changed"));
  return after;
}

/** Another client may have saved it meanwhile, and what it wrote must not be lost unseen (RFC 9110 §13.1.1). */
export function requireDraft(box: Mailbox, id: string, revisions: string[] | null = null): MessageRow {
  const row = requireMessage(box, id);
  if (!row.is_draft) throw new Failure("conflict", "This message is not a draft: what was sent cannot be changed.");
  if (revisions !== null && !revisions.includes(revisionOf(row.raw_key))) {
    throw new Failure("precondition_failed", "The draft was changed meanwhile: read it again.", [
      { at: "header.if-match", message: "not its revision" },
    ]);
  }
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
