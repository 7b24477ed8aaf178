/** Delivery: one transaction that puts a message into the mailbox, or finds that it is there already. */
import { eq, sql } from "drizzle-orm";
import { fingerprint, message } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Delivery, Letter } from "./letter.ts";
import { type Mailbox, prepared } from "./mailbox-database.ts";
import { addMessage } from "./new-message.ts";
import { receivedAt } from "./object-ids.ts";

/** `threadId`: the conversation of a letter that the mesh itself wrote. A stranger's letter is put where it belongs. */
export function deliver(box: Mailbox, letter: Letter, threadId: number | null = null): Delivery {
  return box.db.transaction(() => {
    const repeated = findRepeat(box, letter);
    if (repeated !== null) {
      const raw_key = addRecipients(box, repeated, letter.delivered_to);
      return { outcome: "repeat", message_id: repeated, raw_key };
    }
    const placed = { folder_ids: [ROLE_ID.inbox], is_read: false, is_draft: false };
    const row = addMessage(box, { ...letter, ...placed, thread_id: threadId });
    upsertFingerprint(box.db).run({ hash: letter.fingerprint, message_id: row.id });
    return { outcome: "delivered", message_id: row.id, raw_key: row.raw_key };
  });
}

/** The message that this letter repeats. It counts although the message was deleted since: the owner saw it. */
function findRepeat(box: Mailbox, letter: Letter): number | null {
  const seen = selectFingerprint(box.db).get({ hash: letter.fingerprint });
  if (seen === undefined) return null;
  return Math.abs(letter.received_at - receivedAt(seen.message_id)) <= letter.repeat_window ? seen.message_id : null;
}

const selectFingerprint = prepared((db) =>
  db
    .select()
    .from(fingerprint)
    .where(eq(fingerprint.hash, sql.placeholder("hash")))
    .prepare(),
);
const upsertFingerprint = prepared((db) =>
  db
    .insert(fingerprint)
    .values({ hash: sql.placeholder("hash"), message_id: sql.placeholder("message_id") })
    .onConflictDoUpdate({ target: fingerprint.hash, set: { message_id: sql`excluded.message_id` } })
    .prepare(),
);

/** A second address of this account makes no second copy: the one copy lists both. Returns where its bytes lie. */
function addRecipients(box: Mailbox, id: number, addresses: string[]): string | null {
  const { delivered_to, raw_key } = message;
  const row = box.db.select({ delivered_to, raw_key }).from(message).where(eq(message.id, id)).get();
  if (row === undefined) return null;
  if (addresses.some((address) => !row.delivered_to.includes(address))) {
    const all = [...new Set([...row.delivered_to, ...addresses])];
    box.db.update(message).set({ delivered_to: all }).where(eq(message.id, id)).run();
    recordChange(box.db, "message", id, "changed");
  }
  return row.raw_key;
}
