/** What composing a message needs to know of the mailbox. */
import { desc, eq } from "drizzle-orm";
import type { Identity } from "../../contract/identities.ts";
import { MessageId } from "../../contract/ids.ts";
import type { Suppression } from "../../contract/suppressions.ts";
import { message } from "../../schema/mailbox/tables.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { requireMessage } from "./read-messages.ts";

export interface Sender {
  user_id: string;
  email: string;
  name: string;
}

export const senderOf = ({ user_id, email, name }: Mailbox): Sender => ({ user_id, email, name });

export interface Preparation {
  sender: Sender;
  identities: Identity[];
  /** What the list of suppressed addresses says of the recipients, and of those whom an identity sends a copy. */
  suppressed: Suppression[];
  answered: Answered | null;
  /** The owner's undo window. */
  undo_seconds: number;
}

/** The ids for the answer's In-Reply-To and References (RFC 5322 §3.6.4). */
export interface Answered {
  in_reply_to: string | null;
  references: string[];
  /** The message itself, where it is here. */
  number: number | null;
}

/** `inReplyTo` is a message's id here, or a Message-ID, with or without angle brackets, of one that may not be here. */
export function whatIsAnswered(box: Mailbox, inReplyTo: string): Answered {
  const id = MessageId.safeParse(inReplyTo);
  if (id.success) return answer(requireMessage(box, id.data));
  const rfcId = inReplyTo.trim().replace(/^<|>$/g, "");
  const row = box.db
    .select()
    .from(message)
    .where(eq(message.rfc_message_id, rfcId))
    .orderBy(desc(message.id))
    .limit(1)
    .get();
  return row ? answer(row) : { in_reply_to: rfcId, references: [rfcId], number: null };
}

function answer(parent: typeof message.$inferSelect): Answered {
  const id = parent.rfc_message_id;
  // RFC 5322 §3.6.4: the parent's References, or its In-Reply-To where it has none, and then its own id.
  const before = parent.references.length > 0 ? parent.references : [parent.in_reply_to ?? []].flat();
  return { in_reply_to: id, references: [...before, ...(id === null ? [] : [id])], number: parent.id };
}
