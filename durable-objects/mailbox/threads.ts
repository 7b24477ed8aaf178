/**
 * Which conversation a new message belongs to, and conversations that turn out to be one.
 *
 * References and In-Reply-To (RFC 5322 §3.6.4) are written by the sender, so quoting a Message-ID is not enough to be
 * let in: a message joins the thread of one that is in this mailbox and that its author had a part in, as its author,
 * as its recipient, or by writing to a list or group that it was addressed to. The owner may answer in any. A reply
 * that names no message we have joins by its subject, under the same condition. A message that comes after its answers
 * is found by what they await.
 */
import { and, eq, sql } from "drizzle-orm";
import { baseSubject, isReplySubject } from "../../mail/text/base-subject.ts";
import { tokens } from "../../mail/text/index-text.ts";
import { awaited_parent, message, muted_thread } from "../../schema/mailbox/tables.ts";
import { recordChange, recordMessage } from "./change-log.ts";
import type { Content } from "./letter.ts";
import { type Mailbox, type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";
import { firstIdAt } from "./object-ids.ts";
import type { Placing } from "./placement.ts";

/** Referenced messages that are looked up: the nearest ones decide, and a long list must not cost. */
const LOOKED_UP = 20;

/** Messages that one delivery takes over from other threads. A longer conversation stays two. */
const MAX_MERGED = 200;

/** Words of a subject that are looked up, at either end of it: FTS5 asks for each in every message that has them all. */
const SUBJECT_WORDS = 6;

/** A subject such as "Hello" comes again: only a recent conversation is gone on with by it. */
const BY_SUBJECT_MS = 30 * 24 * 3_600_000;

/** Addresses of more bytes than this are a mailing's, hundreds of them: who is among them has no part in it. */
const MAX_PARTIES = 16_000;
const few = (name: "to" | "cc" | "bcc" | "reply_to") =>
  sql<
    MessageRow["to"]
  >`CASE WHEN octet_length(${message[name]}) <= ${sql.raw(String(MAX_PARTIES))} THEN ${message[name]} ELSE '[]' END`.mapWith(
    message[name],
  );

/** What is looked at of a message that is here. A hundred are, so none may be wide. */
const knownColumns = {
  id: message.id,
  thread_id: message.thread_id,
  subject: message.subject,
  delivered_to: message.delivered_to,
  from: message.from,
  to: few("to"),
  cc: few("cc"),
  bcc: few("bcc"),
  reply_to: few("reply_to"),
};
type Known = Pick<MessageRow, keyof typeof knownColumns>;

type Parties = Pick<Content, "from" | "to" | "cc" | "bcc" | "reply_to">;
type Author = Parties & Pick<Content, "in_reply_to" | "references">;

interface Joining {
  content: Content;
  delivered_to: string[];
  received_at: number;
}

/** The thread of a message about to be written: an older one, or its own number when it begins one. */
export function joinThread(box: Mailbox, id: number, joining: Joining, placing: Placing): number {
  const { content, delivered_to } = joining;
  const known = nearestFirst(content).flatMap((one) => messagesWithId(box, one));
  const referred = known.filter((row) => letsIn(row, box, content, delivered_to));
  const answers = takeAnswers(box, content);
  if (referred.length === 0) awaitParent(box.db, id, content);
  const [nearest, ...others] = [...referred, ...answers];
  // Whoever is not let in where he refers to is not let in by a subject either.
  if (nearest === undefined) return (known.length === 0 ? bySubject(box, joining) : null) ?? id;
  // Who has a part in two conversations may quote both. Only what has one subject as well is one conversation.
  const hasSubject = (row: Known) => baseSubject(row.subject) === baseSubject(content.subject);
  const same = hasSubject(nearest) ? others.filter(hasSubject).map((row) => row.thread_id) : [];
  // The oldest thread stays: its number is the one that clients know longest.
  const [into = id, ...merged] = [...new Set([nearest.thread_id, ...same])].sort((a, b) => a - b);
  let left = MAX_MERGED;
  for (const other of merged) left -= mergeThread(box.db, other, into, left, placing);
  return into;
}

/**
 * Whether a message that is referred to lets this author in. What was delivered to nobody here is what the owner writes:
 * it may be addressed to a stranger to the conversation, or to nobody yet.
 */
function letsIn(referred: Known, box: Mailbox, author: Author, deliveredTo: string[]): boolean {
  return deliveredTo.length === 0 || hadPartIn(author, referred, [box.email, ...deliveredTo]);
}

function nearestFirst({ in_reply_to, references }: Author): string[] {
  const ids = [in_reply_to, ...references.toReversed()].filter((id) => id !== null);
  return [...new Set(ids)].slice(0, LOOKED_UP);
}

/** Message-IDs are not unique: whoever knows one can send another message under it. A few of them, newest first. */
function messagesWithId(box: Mailbox, rfcMessageId: string): Known[] {
  const found = selectByRfcMessageId(box.db).all({ rfc_message_id: rfcMessageId });
  return found.sort((a, b) => b.id - a.id);
}

const selectByRfcMessageId = prepared((db) =>
  db
    .select(knownColumns)
    .from(message)
    .where(eq(message.rfc_message_id, sql.placeholder("rfc_message_id")))
    .limit(5)
    .prepare(),
);

function hadPartIn(author: Parties, referred: Parties, own: string[]): boolean {
  if (author.from === null) return false;
  const { from, to, cc, bcc, reply_to } = referred;
  const writer = from === null ? [] : [from];
  if (addresses([...writer, ...to, ...cc, ...bcc, ...reply_to]).has(author.from.email.toLowerCase())) return true;
  // A list or a group: someone new writes to an address that the conversation goes to, neither our own nor its writer's.
  const known = new Set([...own.map((email) => email.toLowerCase()), ...addresses(writer)]);
  const groups = addresses([...to, ...cc, ...reply_to]);
  return [...addresses([...author.to, ...author.cc])].some((address) => groups.has(address) && !known.has(address));
}

const addresses = (of: { email: string }[]): Set<string> => new Set(of.map(({ email }) => email.toLowerCase()));

/** The nearest message that this one refers to is not here: should it come, it belongs to this one's thread. */
function awaitParent(db: MailboxDb, id: number, content: Author): void {
  const [rfc_message_id] = nearestFirst(content);
  if (rfc_message_id === undefined) return;
  db.insert(awaited_parent).values({ rfc_message_id, message_id: id }).onConflictDoNothing().run();
}

/**
 * Answers that came before this message. Their authors must have a part in it, and its author one in them: whoever heard
 * of the awaited id could put a message under it.
 */
function takeAnswers(box: Mailbox, content: Content): Known[] {
  if (content.rfc_message_id === null) return [];
  const rows = selectAwaiting(box.db).all({ rfc_message_id: content.rfc_message_id });
  const answers = rows.filter((row) => {
    const own = [box.email, ...row.delivered_to];
    return hadPartIn(row, content, own) && hadPartIn(content, row, own);
  });
  const { rfc_message_id } = content;
  for (const { id } of answers) {
    const isAwaiting = and(eq(awaited_parent.rfc_message_id, rfc_message_id), eq(awaited_parent.message_id, id));
    box.db.delete(awaited_parent).where(isAwaiting).run();
  }
  return answers;
}

const selectAwaiting = prepared((db) =>
  db
    .select(knownColumns)
    .from(awaited_parent)
    .innerJoin(message, eq(message.id, awaited_parent.message_id))
    .where(eq(awaited_parent.rfc_message_id, sql.placeholder("rfc_message_id")))
    .limit(20)
    .prepare(),
);

/** What nobody came for in three months is awaited no longer. */
export function forgetAwaited(db: MailboxDb, before: number): void {
  db.delete(awaited_parent)
    .where(sql`${awaited_parent.message_id} < ${firstIdAt(before)}`)
    .run();
}

/** The thread that a reply without a known reference goes on with: the same subject, lately, with a common party. */
function bySubject(box: Mailbox, { content, delivered_to, received_at }: Joining): number | null {
  if (delivered_to.length === 0 || !isReplySubject(content.subject)) return null;
  const subject = baseSubject(content.subject);
  const words = tokens(subject);
  if (words.length === 0) return null;
  const rows = selectBySubject(box.db).all({
    match: `subject : ("${words.slice(0, SUBJECT_WORDS).join(" ")}" AND "${words.slice(-SUBJECT_WORDS).join(" ")}")`,
    from: firstIdAt(received_at - BY_SUBJECT_MS),
    // What is imported may be of any year.
    until: firstIdAt(received_at + BY_SUBJECT_MS),
  });
  const own = [box.email, ...delivered_to];
  const match = rows.find((row) => baseSubject(row.subject) === subject && hadPartIn(content, row, own));
  return match?.thread_id ?? null;
}

/** The newest few under these words; most of them have the very subject. */
const selectBySubject = prepared((db) =>
  db
    .select(knownColumns)
    .from(message)
    .where(
      sql`${message.id} IN (SELECT rowid FROM message_index WHERE message_index MATCH ${sql.placeholder("match")}
        AND rowid >= CAST(${sql.placeholder("from")} AS INTEGER)
        AND rowid < CAST(${sql.placeholder("until")} AS INTEGER) ORDER BY rowid DESC LIMIT 10)`,
    )
    .orderBy(sql`${message.id} DESC`)
    .prepare(),
);

/** Two threads turn out to be one: the messages of `from` go over to `into`, if they are few enough. Returns how many. */
function mergeThread(db: MailboxDb, from: number, into: number, most: number, placing: Placing): number {
  const rows = db
    .select(placedColumns)
    .from(message)
    .where(eq(message.thread_id, from))
    .limit(most + 1)
    .all();
  if (rows.length > most) return 0;
  for (const row of rows) {
    placing.rethread(row, into);
    recordMessage(db, row, "changed", into);
  }
  const isMuted = db.delete(muted_thread).where(eq(muted_thread.thread_id, from)).returning().all().length > 0;
  if (isMuted) db.insert(muted_thread).values({ thread_id: into }).onConflictDoNothing().run();
  recordChange(db, "thread", from, "destroyed");
  return rows.length;
}

/** Not the wide ones: two hundred messages may have ten thousand recipients each. */
const placedColumns = {
  id: message.id,
  thread_id: message.thread_id,
  folder_ids: message.folder_ids,
  is_read: message.is_read,
  is_flagged: message.is_flagged,
  is_draft: message.is_draft,
  size: message.size,
};

/** Whether the owner wants to hear no more of it: see mute.ts. */
export const isMuted = (db: MailboxDb, threadId: number): boolean =>
  selectMuted(db).get({ id: threadId }) !== undefined;

const selectMuted = prepared((db) =>
  db
    .select()
    .from(muted_thread)
    .where(eq(muted_thread.thread_id, sql.placeholder("id")))
    .prepare(),
);

export function hasMessages(db: MailboxDb, threadId: number): boolean {
  const one = db.select({ id: message.id }).from(message).where(eq(message.thread_id, threadId)).limit(1).get();
  return one !== undefined;
}
