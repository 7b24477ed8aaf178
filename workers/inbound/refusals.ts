/** Why mail is refused, as the SMTP reply that the sender gets. A new reason does not compile until it is answered here. */
import type { RecipientOutcome, RefusalReason, SmtpReply } from "../../contract/ingest.ts";

export function smtpReply(reason: RefusalReason): SmtpReply {
  switch (reason) {
    case "bad_address": // RFC 3463 §3.2 (X.1.3): the address has no meaning as a mailbox.
      return { code: 553, status: "5.1.3", text: "Not a valid address" };
    case "no_such_mailbox":
      return { code: 550, status: "5.1.1", text: "No such mailbox here" };
    case "not_our_domain": // RFC 3463 §3.8 (X.7.1): this is no relay.
      return { code: 550, status: "5.7.1", text: "Not a domain of ours, and we do not relay" };
    case "message_too_large":
      return { code: 552, status: "5.3.4", text: "Message too large" };
    case "too_many_recipients":
      return { code: 452, status: "4.5.3", text: "Too many recipients: send the rest in another transaction" };
    case "mailbox_full": // RFC 3463 §3.3 (X.2.2), and 4xx: its owner may make room while the sender waits.
      return { code: 452, status: "4.2.2", text: "Mailbox full" };
    case "mail_loop": // RFC 3463 §3.5 (X.4.6)
      return {
        code: 554,
        status: "5.4.6",
        text: "Mail loop: the message, or the aliases of this address, go round in circles",
      };
    case "sender_blocked": // RFC 3463 §3.8 (X.7.1)
      return { code: 550, status: "5.7.1", text: "The recipient does not take mail from this sender" };
    case "sender_forged": // RFC 7489 §10.3
      return { code: 550, status: "5.7.1", text: "Refused as the DMARC policy of the domain in From asks" };
    case "dangerous_attachment": // RFC 3463 §3.8 (X.7.1)
      return { code: 550, status: "5.7.1", text: "An attachment is of a kind that this domain does not take" };
    case "refused_by_recipient": // RFC 5429 §2.1
      return { code: 550, status: "5.7.1", text: "Refused by the recipient" };
    case "sender_too_fast": // RFC 3463 §3.8 (X.7.0)
      return { code: 450, status: "4.7.0", text: "Too much mail from you at once: try again later" };
    case "mailbox_too_fast": // RFC 3463 §3.3 (X.2.1)
      return { code: 450, status: "4.2.1", text: "This mailbox gets too much mail at once: try again later" };
    case "store_unavailable":
      return { code: 451, status: "4.3.0", text: "Try again later" };
  }
}

export const refused = (address: string, reason: RefusalReason): RecipientOutcome => {
  return { address, outcome: "refused", reason, smtp: smtpReply(reason) };
};

export const accepted = (address: string): RecipientOutcome => ({ address, outcome: "accepted" });
