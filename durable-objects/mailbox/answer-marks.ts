/**
 * What was answered and what was passed on shows it (RFC 8621 §4.1.1): `$answered` and `$forwarded`, set with the
 * submission, in its transaction.
 *
 * When a send is undone its `$answered` goes, unless another answer was sent. `$forwarded` stays: nothing says which
 * message a forward was of, and the message that is a draft again will most often be sent after all.
 */
import { and, desc, eq } from "drizzle-orm";
import { message } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MailboxDb, MessageRow } from "./mailbox-database.ts";
import { Placing } from "./placement.ts";
import { type HeldMessage, requireMessage } from "./read-messages.ts";
import { change } from "./update-messages.ts";

const ANSWERED = "$answered";
const FORWARDED = "$forwarded";

/** The messages that a new one is about: by number, found when it was composed, and by the id that the client gave. */
export interface Marks {
  answered: number | null;
  forwarded: string | null;
}

/** Part of the caller's transaction. Throws `not_found` for a forward of what is not here. */
export function markAnswered(box: Mailbox, { answered, forwarded }: Marks): void {
  const row = answered === null ? undefined : byId(box.db, answered);
  if (row) mark(box.db, row, ANSWERED);
  if (forwarded !== null) mark(box.db, requireMessage(box, forwarded), FORWARDED);
}

/** Enough to look through: who answers one message a hundred times has answered it. */
const LOOKED_AT = 100;

export function unmarkAnswered(box: Mailbox, undone: MessageRow): void {
  const { in_reply_to } = undone;
  if (in_reply_to === null) return;
  const { db } = box;
  const isParent = eq(message.rfc_message_id, in_reply_to);
  const parent = db.select().from(message).where(isParent).orderBy(desc(message.id)).limit(1).get();
  if (!parent?.keywords.includes(ANSWERED)) return;
  const isAnswer = and(eq(message.thread_id, undone.thread_id), eq(message.in_reply_to, in_reply_to));
  const columns = { id: message.id, folder_ids: message.folder_ids };
  const answers = db.select(columns).from(message).where(isAnswer).orderBy(desc(message.id)).limit(LOOKED_AT).all();
  if (answers.some(({ id, folder_ids }) => id !== undone.id && folder_ids.includes(ROLE_ID.sent))) return;
  setKeywords(
    db,
    parent,
    parent.keywords.filter((keyword) => keyword !== ANSWERED),
  );
}

function mark(db: MailboxDb, row: HeldMessage, keyword: string): void {
  if (!row.keywords.includes(keyword)) setKeywords(db, row, [...row.keywords, keyword]);
}

function setKeywords(db: MailboxDb, row: HeldMessage, keywords: string[]): void {
  const placing = new Placing(db);
  const modseq = change(db, row, { keywords }, placing);
  if (modseq !== null) placing.settle(modseq);
}

const byId = (db: MailboxDb, id: number): MessageRow | undefined =>
  db.select().from(message).where(eq(message.id, id)).get();
