/** From outcomes to SMTP replies: what the client hears at RCPT and after the end of DATA. */
import type { SMTPServerSession } from "smtp-server";
import type { RecipientOutcome, SmtpReply } from "../../contract/ingest.ts";
import { MAX_MESSAGE_BYTES } from "../../contract/limits.ts";

/** Nothing was acknowledged: the sender keeps the mail and tries again (RFC 5321 §4.5.4.1). */
export const TRY_AGAIN: SmtpReply = { code: 451, status: "4.3.0", text: "Temporary failure, try again later" };

/** RFC 1870 §6.1 (4), and RFC 3463 §3.4: message too big for system. */
export const TOO_LARGE: SmtpReply = {
  code: 552,
  status: "5.3.4",
  text: `Message exceeds the maximum size of ${MAX_MESSAGE_BYTES} octets`,
};

/** RFC 3463 §3.4: mail system full, for the moment. */
export const NO_ROOM: SmtpReply = { code: 452, status: "4.3.1", text: "Too much mail at once, try again later" };

/** The error shape by which a handler of smtp-server names its reply. */
export class ReplyError extends Error {
  readonly responseCode: number;

  constructor(reply: SmtpReply) {
    super(textOf(reply));
    this.responseCode = reply.code;
  }
}

export function textOf(reply: SmtpReply): string {
  return `${reply.status} ${reply.text}`;
}

/**
 * SMTP has one reply for all recipients of a message (RFC 5321 §4.2.5). Where they differ, a mailbox went away between
 * RCPT and DATA: the sender must try again, hears at RCPT which one is gone, and the mesh recognises the repeat.
 */
export function verdictOf(outcomes: readonly RecipientOutcome[]): SmtpReply {
  const refusals = outcomes.flatMap((outcome) => (outcome.outcome === "refused" ? [refusalOf(outcome.smtp)] : []));
  if (refusals.length === 0 && outcomes.length > 0) {
    return { code: 250, status: "2.0.0", text: `Accepted for ${counted(outcomes.length)}` };
  }
  if (refusals.length < outcomes.length) return TRY_AGAIN;
  return refusals.find((reply) => reply.code < 500) ?? refusals[0] ?? TRY_AGAIN;
}

/** A refusal with a success code, or with 421, which would end the connection, is a fault of ours: never of the mail. */
export function refusalOf(reply: SmtpReply): SmtpReply {
  const fits = reply.code >= 400 && reply.code !== 421 && reply.status.startsWith(String(Math.floor(reply.code / 100)));
  return fits ? reply : TRY_AGAIN;
}

/** RFC 3848 §3 and RFC 6531 §4.3: the value of the `with` clause. */
export function protocolOf(session: Pick<SMTPServerSession, "transmissionType" | "envelope" | "secure">): string {
  if (session.envelope.smtpUtf8 === true) return session.secure ? "UTF8SMTPS" : "UTF8SMTP";
  return session.transmissionType;
}

function counted(recipients: number): string {
  return recipients === 1 ? "1 recipient" : `${recipients} recipients`;
}
