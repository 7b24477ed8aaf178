/**
 * A mailbox made anew from what lies in R2, message by message. What only its tables know (folders, flags, keywords,
 * threads) stays where a message is still here; one that is not comes in again by what its object says of itself.
 */
import { and, eq, gte, lt, sql } from "drizzle-orm";
import { message } from "../../schema/mailbox/tables.ts";
import { deriveAgain } from "./derived.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Content, StoredBytes } from "./letter.ts";
import type { Mailbox, MessageRow } from "./mailbox-database.ts";
import { addToIndex, removeFromIndex } from "./message-index.ts";
import { addMessage, replaceBody } from "./new-message.ts";
import { firstIdAt } from "./object-ids.ts";

/** A message as it was found in R2. */
export interface Restored extends StoredBytes {
  content: Content;
  /** Null where its object does not say: then its sender does. */
  kind: "received" | "sent" | "draft" | null;
  stored_at: number;
  fingerprint: string;
}

export interface RestoreResult {
  refreshed: number;
  added: number;
}

const HOUR_MS = 3_600_000;

/**
 * Reads these messages into the mailbox again. Doing it twice changes nothing more. What was stored within the hour may
 * be on its way in: added here and then by who stored it, two messages would have the same bytes, and lose them together.
 */
export function restore(box: Mailbox, found: Restored[], now: number): RestoreResult {
  return box.db.transaction(() => {
    const here = rowsAt(box, found);
    const result = { refreshed: 0, added: 0 };
    for (const one of found) {
      const row = here.get(one.raw_key);
      if (row !== undefined) {
        refresh(box, row, one);
        result.refreshed++;
      } else if (one.stored_at < now - HOUR_MS) {
        add(box, one);
        result.added++;
      }
    }
    return result;
  });
}

/**
 * Those of these keys that are no message's: on their way out of R2, or, in the outbox, of a forward that never was one.
 */
export function notReleased({ db }: Mailbox, keys: string[]): string[] {
  const list = JSON.stringify(keys);
  const rows = db.all<{
    raw_key: string;
  }>(sql`SELECT raw_key FROM released WHERE raw_key IN (SELECT value FROM json_each(${list}))
    UNION SELECT raw_key FROM submission WHERE message_id IS NULL AND raw_key IN (SELECT value FROM json_each(${list}))`);
  const gone = new Set(rows.map(({ raw_key }) => raw_key));
  return keys.filter((key) => !gone.has(key));
}

/** Most objects belong to a message of the same time: a short range of ids. Only for the others all rows are read. */
function rowsAt({ db }: Mailbox, found: Restored[]): Map<string, MessageRow> {
  const keys = found.map(({ raw_key }) => raw_key);
  const times = found.map(({ stored_at }) => stored_at);
  const inTime = and(
    gte(message.id, firstIdAt(Math.min(...times) - HOUR_MS)),
    lt(message.id, firstIdAt(Math.max(...times) + HOUR_MS)),
  );
  const isOne = (wanted: string[]) =>
    sql`${message.raw_key} IN (SELECT value FROM json_each(${JSON.stringify(wanted)}))`;
  const near = db
    .select()
    .from(message)
    .where(and(inTime, isOne(keys)))
    .all();
  const missing = keys.filter((key) => !near.some(({ raw_key }) => raw_key === key));
  const others = missing.length === 0 ? [] : db.select().from(message).where(isOne(missing)).all();
  return new Map([...near, ...others].map((row) => [row.raw_key, row]));
}

function refresh({ db }: Mailbox, row: MessageRow, found: Restored): void {
  const { text: _text, html: _html, index, bcc: _bcc, ...content } = found.content;
  const has_attachment = content.attachments.some(({ disposition }) => disposition === "attachment");
  // Bcc, and the half-typed addresses of a draft, are not in the bytes.
  const { to, cc, reply_to } = row.is_draft ? row : content;
  db.update(message)
    .set({ ...content, to, cc, reply_to, has_attachment })
    .where(eq(message.id, row.id))
    .run();
  replaceBody(db, row.id, found.content);
  removeFromIndex(db, row.id);
  addToIndex(db, row.id, index);
}

const PLACE = {
  received: { folder_ids: [ROLE_ID.inbox], is_draft: false },
  sent: { folder_ids: [ROLE_ID.sent], is_draft: false },
  draft: { folder_ids: [ROLE_ID.drafts], is_draft: true },
};

function add(box: Mailbox, found: Restored): void {
  // Read: that it is here again is no news.
  const kind = found.kind ?? (found.content.from?.email === box.email ? "sent" : "received");
  const placed = { ...PLACE[kind], is_read: true };
  const isReceived = kind === "received";
  // What the owner wrote and gets back by an alias is a delivery of its own, no repeat.
  const known = { fingerprint: isReceived ? found.fingerprint : "", delivered_to: isReceived ? [box.email] : [] };
  addMessage(box, { ...found, ...placed, ...known, received_at: found.stored_at, return_path: "" });
}

/** The end: all that is derived from the messages, and nothing beside ones that are not here. */
export function finishRestore(box: Mailbox): void {
  box.db.transaction(() => {
    box.db.run(sql`DELETE FROM body WHERE message_id NOT IN (SELECT id FROM message)`);
    box.db.run(sql`DELETE FROM discarded WHERE message_id NOT IN (SELECT id FROM message)`);
    box.db.run(sql`DELETE FROM message_index WHERE rowid NOT IN (SELECT id FROM message)`);
    deriveAgain(box);
  });
}
