/**
 * An answer that a program gives in its owner's name: a vacation notice, a filter's template (RFC 3834). Nobody answers
 * it, since it says what it is; whom it answers is for the caller to know.
 */
import { concatBytes, utf8 } from "./bytes.ts";
import { type Address, composeMessage } from "./compose-message.ts";

export interface AutomaticReply {
  from: Address;
  /** The reverse-path of the message that it answers (RFC 3834 §4). */
  to: string;
  /** Null for that of the message that it answers, marked as automatic. */
  subject: string | null;
  body: string;
  body_html: string | null;
  answered: { message_id: string | null; references: string[]; subject: string };
  message_id: string;
  date: Date;
  boundary_seed: string;
}

/** RFC 3834 §3.1.7: `auto-replied` is what answers a message. In front, so that no other field of ours can be first. */
const AUTO_SUBMITTED = utf8("Auto-Submitted: auto-replied\r\n");

export function composeAutomaticReply(reply: AutomaticReply): Uint8Array<ArrayBuffer> {
  const { from, to, subject, body, body_html, answered, message_id, date, boundary_seed } = reply;
  const message = composeMessage({
    from,
    to: [{ name: "", email: to }],
    ...{ cc: [], reply_to: [], attachments: [] },
    subject: subject ?? automaticSubject(answered.subject),
    body,
    ...(body_html === null ? {} : { body_html }),
    // RFC 3834 §3.1.5, RFC 5230 §5.8.
    in_reply_to: answered.message_id,
    references: answered.references,
    ...{ message_id, date, boundary_seed },
  });
  return concatBytes([AUTO_SUBMITTED, message]);
}

/** RFC 5230 §5.5. A subject that says so already says it once. */
function automaticSubject(subject: string): string {
  const text = subject.trim();
  if (text === "") return "Automated reply";
  return /^auto:/iu.test(text) ? text : `Auto: ${text}`;
}
