/**
 * Which conversation a new message belongs to.
 *
 * References and In-Reply-To (RFC 5322 §3.6.4) are written by the sender, so quoting a Message-ID is not enough to be
 * let in: a message joins the thread of one that is in this mailbox and that its author had a part in, as its author,
 * as its recipient, or by writing to a list or group that it was addressed to. The owner may answer in any.
 */
import { eq, sql } from "drizzle-orm";
import { message } from "../../schema/mailbox/tables.ts";
import type { Content } from "./letter.ts";
import { type Mailbox, type MessageRow, prepared } from "./mailbox-database.ts";

/** Referenced messages that are looked up: the nearest ones decide, and a long list must not cost. */
const LOOKED_UP = 20;

type Parties = Pick<Content, "from" | "to" | "cc" | "bcc" | "reply_to">;
type Author = Parties & Pick<Content, "in_reply_to" | "references">;

/**
 * The thread of the nearest message referred to, or null when the message begins one of its own. What was delivered to
 * nobody here is what the owner writes: it may be addressed to a stranger to the conversation, or to nobody yet.
 */
export function findThread(box: Mailbox, content: Author, deliveredTo: string[]): number | null {
  const isOwners = deliveredTo.length === 0;
  const own = [box.email, ...deliveredTo];
  const nearestFirst = [content.in_reply_to, ...content.references.toReversed()];
  for (const id of [...new Set(nearestFirst)].slice(0, LOOKED_UP)) {
    if (id === null) continue;
    for (const referenced of messagesWithId(box, id)) {
      if (isOwners || hadPartIn(content, referenced, own)) return referenced.thread_id;
    }
  }
  return null;
}

/** Message-IDs are not unique: whoever knows one can send another message under it. A few of them, newest first. */
function messagesWithId(box: Mailbox, rfcMessageId: string): MessageRow[] {
  const found = selectByRfcMessageId(box.db).all({ rfc_message_id: rfcMessageId });
  return found.sort((a, b) => b.id - a.id);
}

const selectByRfcMessageId = prepared((db) =>
  db
    .select()
    .from(message)
    .where(eq(message.rfc_message_id, sql.placeholder("rfc_message_id")))
    .limit(5)
    .prepare(),
);

function hadPartIn(author: Parties, referenced: Parties, own: string[]): boolean {
  const parties = everyone(referenced);
  if (author.from === null) return false;
  if (parties.has(author.from.email.toLowerCase())) return true;
  // A list or a group: someone new writes to an address, not our own, that the conversation goes to.
  const ours = new Set(own.map((email) => email.toLowerCase()));
  return [...author.to, ...author.cc].some(({ email }) => {
    const address = email.toLowerCase();
    return !ours.has(address) && parties.has(address);
  });
}

function everyone(parties: Parties): Set<string> {
  const { from, to, cc, bcc, reply_to } = parties;
  return new Set([...(from ? [from] : []), ...to, ...cc, ...bcc, ...reply_to].map(({ email }) => email.toLowerCase()));
}
