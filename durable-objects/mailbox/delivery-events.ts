/** Events of a transport about mail that it took: it names a message by the name that it gave it when it took it. */
import { eq } from "drizzle-orm";
import { addressKey } from "../../mail/address/address-key.ts";
import { submission_recipient } from "../../schema/mailbox/tables.ts";
import { hear, type LaterOutcome } from "./later-outcomes.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { findSubmission } from "./next-attempt.ts";

export interface NamedEvent {
  transport_id: string;
  email: string;
  said: LaterOutcome;
}

/** `unknown`: nothing here has that name, or not yet: the event may be quicker than the consumer's report. */
export function takeEvent(box: Mailbox, event: NamedEvent, now: number): "changed" | "known" | "unknown" {
  return box.db.transaction(() => {
    const named = box.db
      .select()
      .from(submission_recipient)
      .where(eq(submission_recipient.transport_id, event.transport_id))
      .all();
    const recipient = named.find(({ email }) => addressKey(email) === addressKey(event.email));
    const row = recipient && findSubmission(box.db, recipient.submission_id);
    if (recipient === undefined || row === undefined) return "unknown";
    return hear(box, row, [{ recipient, said: event.said }], false, now).length > 0 ? "changed" : "known";
  });
}
