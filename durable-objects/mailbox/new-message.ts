/** A message that is new in the mailbox, whatever way it came: its row, folders, body, index, log. */
import { eq } from "drizzle-orm";
import { body, message } from "../../schema/mailbox/tables.ts";
import { recordMessage } from "./change-log.ts";
import type { Content, StoredBytes } from "./letter.ts";
import { type Mailbox, type MailboxDb, type MessageRow, placeholders, prepared } from "./mailbox-database.ts";
import { addToIndex } from "./message-index.ts";
import { nextMessageId } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { isMuted, joinThread } from "./threads.ts";

export interface NewMessage extends StoredBytes {
  content: Content;
  received_at: number;
  return_path: string;
  delivered_to: string[];
  folder_ids: number[];
  is_read: boolean;
  is_draft: boolean;
  is_flagged?: boolean;
  keywords?: string[];
  /** What was found out about it; not given for what the owner or the mesh wrote. */
  examined?: Pick<MessageRow, "authentication" | "spam" | "warnings" | "attachment_scan" | "list_unsubscribe">;
  /** See mail/fingerprint.ts. Empty for what the owner wrote: nobody delivers it a second time. */
  fingerprint?: string;
  /** Once it is written, indexed and placed: what is done with it besides, in the same transaction. */
  sort?: (row: MessageRow, placing: Placing) => MessageRow;
  /** Where it goes instead when its thread is muted; not given for what the owner puts somewhere. */
  if_muted?: Pick<NewMessage, "folder_ids" | "is_read">;
  /** Known only to the mesh itself, for what it writes. Otherwise the conversation is found. */
  thread_id?: number | null;
}

/** Writes the message. Must run inside the caller's transaction. */
export function addMessage(box: Mailbox, added: NewMessage): MessageRow {
  const { db } = box;
  const id = nextMessageId(db, added.received_at);
  const placing = new Placing(db);
  const thread_id = added.thread_id ?? joinThread(box, id, added, placing);
  const placed = added.if_muted && isMuted(db, thread_id) ? { ...added, ...added.if_muted } : added;
  const row: MessageRow = { id, thread_id, is_flagged: added.is_flagged ?? false, ...columnsOf(placed) };
  insertMessage(db).run(row);
  placing.place(row);
  insertBody(db, id, added.content);
  addToIndex(db, id, added.content.index);
  const sorted = added.sort?.(row, placing) ?? row;
  placing.settle(recordMessage(db, row, "created", thread_id));
  return sorted;
}

/** The columns that come from the content and its bytes. A draft that is replaced gets these anew. */
export function columnsOf(added: NewMessage) {
  const { text: _text, html: _html, index: _index, ...columns } = added.content;
  return {
    ...columns,
    has_attachment: added.content.attachments.some(({ disposition }) => disposition === "attachment"),
    size: added.size,
    raw_key: added.raw_key,
    added_fields: added.added_fields,
    return_path: added.return_path,
    delivered_to: added.delivered_to,
    folder_ids: added.folder_ids,
    is_read: added.is_read,
    is_draft: added.is_draft,
    keywords: added.keywords ?? [],
    fingerprint: added.fingerprint ?? "",
    ...(added.examined ?? NOT_EXAMINED),
    learnt_as: null,
    snoozed_until: null,
  };
}

const NOT_EXAMINED = { authentication: null, spam: null, warnings: [], attachment_scan: null, list_unsubscribe: null };

/** A row of the platform holds 2 MB; a body beyond this is parsed from R2 each time it is opened. */
const MAX_BODY_BYTES = 1_500_000;

const isTooLarge = ({ text, html }: Content): boolean =>
  (text?.byteLength ?? 0) + (html?.byteLength ?? 0) > MAX_BODY_BYTES;

function insertBody(db: MailboxDb, id: number, content: Content): void {
  if (isTooLarge(content)) return;
  insertBodyRow(db).run({ message_id: id, text: content.text, html: content.html });
}

export function replaceBody(db: MailboxDb, id: number, content: Content): void {
  const { text, html } = content;
  if (isTooLarge(content)) db.delete(body).where(eq(body.message_id, id)).run();
  else {
    const row = { message_id: id, text, html };
    db.insert(body).values(row).onConflictDoUpdate({ target: body.message_id, set: { text, html } }).run();
  }
}

const insertMessage = prepared((db) => db.insert(message).values(placeholders(message)).prepare());
const insertBodyRow = prepared((db) => db.insert(body).values(placeholders(body)).prepare());
