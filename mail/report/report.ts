/**
 * What a report that comes back says of a message that was sent: it failed for somebody, is late, arrived, or was called
 * spam. Everything in it was written by others; whether it is about a message of ours is for the Mailbox to find.
 */

export interface ReportedRecipient {
  /** The address that the reporting server dealt with, in its spelling. */
  address: string;
  /** Original-Recipient (RFC 3464 §2.3.1): the address that was written to, where it says so. */
  original_address: string | null;
  action: "failed" | "delayed" | "delivered" | "complained";
  /** Enhanced status code (RFC 3463), the most telling one that was found. */
  status: string | null;
  /** The remote server's own words: one line of bounded length. */
  diagnostic: string | null;
  remote_mta: string | null;
}

export interface Report {
  /** The worst of what it says: of a report on several recipients, one failure makes it one. */
  kind: "failure" | "delay" | "delivered" | "complaint";
  /** Those that could be read; none where a server only says that something failed. */
  recipients: ReportedRecipient[];
  /** Message-ID of the message that the report is about. */
  original_message_id: string | null;
  /** The reverse-path that the message arrived with, where the report tells it. */
  original_mail_from: string | null;
}

/** A submission has 500 recipients at most, and a transaction fewer. What else a report lists is none of ours. */
export const MAX_REPORTED_RECIPIENTS = 1000;
