/**
 * What is heard of a recipient after the message left: from a report that came in, or from the transport's own events.
 * Part of the caller's transaction.
 */
import { isAboutTheAddress } from "../../mail/report/status-code.ts";
import { recordChange } from "./change-log.ts";
import type { Mailbox, MailboxDb, SubmissionRow } from "./mailbox-database.ts";
import { resettle } from "./next-attempt.ts";
import { isAway, overrule, type RecipientRow } from "./recipient-states.ts";
import { countBounces, recordFeedback } from "./sending-stop.ts";
import { liftBounce, suppress } from "./suppressions.ts";

export interface LaterOutcome {
  action: "failed" | "delayed" | "delivered" | "complained";
  status: string | null;
  diagnostic: string | null;
  remote_mta: string | null;
}

export interface Heard {
  recipient: RecipientRow;
  said: LaterOutcome;
}

/**
 * Believes what is said, and does what follows from it. `isTold`: the owner hears of a failure by what brought the word,
 * and needs no report of ours. Returns those about whom anything changed.
 */
export function hear(box: Mailbox, row: SubmissionRow, words: Heard[], isTold: boolean, now: number): Heard[] {
  const changed = words.filter(({ recipient, said }) => believe(box.db, recipient, said, isTold, now));
  if (changed.length > 0) {
    countFeedback(box, row.mail_from, changed, now);
    recordChange(box.db, "submission", row.id, "changed");
    resettle(box.db, row.id, now);
  }
  return changed;
}

/** Returns whether anything changed by it. What never left, or was delivered, or failed before, no word changes. */
function believe(db: MailboxDb, recipient: RecipientRow, said: LaterOutcome, isTold: boolean, at: number): boolean {
  const { submission_id, email, state } = recipient;
  const status = said.status ?? recipient.status;
  const words = { status, reply: said.diagnostic ?? recipient.reply, remote_mta: said.remote_mta };
  const entry = { email, submission_id, detail: said.diagnostic ?? "", created_at: at };
  if (said.action === "complained") {
    if (state === "queued" || state === "cancelled" || recipient.complained_at !== null) return false;
    overrule(db, recipient, { complained_at: at });
    suppress(db, { ...entry, reason: "complaint" });
    return true;
  }
  if (!isAway(state)) return false;
  switch (said.action) {
    case "failed": {
      const failed = said.status ?? "5.0.0";
      overrule(db, recipient, { ...words, status: failed, state: "failed", is_reported: isTold, updated_at: at });
      if (isAboutTheAddress(failed)) suppress(db, { ...entry, reason: "bounce" });
      return true;
    }
    case "delayed":
      overrule(db, recipient, { ...words, updated_at: at });
      return true;
    case "delivered":
      overrule(db, recipient, { ...words, state: "delivered", updated_at: at });
      liftBounce(db, email);
      return true;
  }
}

/** What came back or was called spam tells on the account: see sending-stop.ts. */
function countFeedback(box: Mailbox, mailFrom: string, changed: Heard[], now: number): void {
  const failed = changed.filter(({ said }) => said.action === "failed");
  const outcomes = failed.map(({ recipient, said }) => ({
    ...{ address: recipient.email, status: said.status ?? "5.0.0", reply: said.diagnostic ?? "" },
  }));
  countBounces(box, mailFrom, outcomes, now);
  const complaints = changed.filter(({ said }) => said.action === "complained").length;
  if (complaints > 0) recordFeedback(box, "complained", complaints, now);
}
