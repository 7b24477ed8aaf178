/**
 * From what a client wrote to a message: checks it as a whole, builds the MIME bytes, stores them. A send and a draft
 * differ only in how much must be there.
 */
import type { AddressInput } from "../../contract/addresses.ts";
import { Failure } from "../../contract/failure.ts";
import { MAX_MESSAGE_BYTES, MAX_SUBMISSION_RECIPIENTS } from "../../contract/limits.ts";
import type { DraftMessage, SendMessage } from "../../contract/messages.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import type { Composed } from "../../durable-objects/mailbox/drafts.ts";
import type { Answered, Sender } from "../../durable-objects/mailbox/sender.ts";
import {
  type Address,
  composeMessage,
  formatAddressField,
  type OutgoingAttachment,
} from "../../mail/compose/compose-message.ts";
import type { Env } from "../env.ts";
import { storeRaw } from "../storage/raw-messages.ts";
import { readContent, withRecipients } from "../storage/read-content.ts";
import { canonicalAddress } from "./own-address.ts";

/**
 * The envelope's recipients, each once. Throws with every issue of the message at once, so that the writer need not try
 * again and again.
 */
export function checkMessage(message: DraftMessage): string[] {
  const issues: ProblemIssue[] = [];
  const found = new Set<string>();
  for (const field of ["to", "cc", "bcc"] as const) {
    for (const [n, { email }] of message[field].entries()) {
      const address = canonicalAddress(email);
      if (address !== null) found.add(address);
      else issues.push({ at: `body.${field}.${n}.email`, message: `${JSON.stringify(email)} is not a valid address` });
    }
  }
  if (issues.length === 0 && found.size === 0) issues.push({ at: "body.to", message: "Nobody to send to" });
  if (found.size > MAX_SUBMISSION_RECIPIENTS) {
    issues.push({ at: "body.to", message: `${found.size} recipients; at most ${MAX_SUBMISSION_RECIPIENTS} a message` });
  }
  const others = [...replyToIssues(message), ...attachmentIssues(message)];
  if (issues.length > 0) {
    throw new Failure("invalid_recipients", "The message was not sent to anybody.", [...issues, ...others]);
  }
  if (others.length > 0) throw new Failure("bad_request", "The message was not sent.", others);
  return [...found];
}

const replyToIssues = ({ reply_to }: DraftMessage): ProblemIssue[] =>
  reply_to.flatMap(({ email }, n) =>
    canonicalAddress(email) === null
      ? [{ at: `body.reply_to.${n}.email`, message: `${JSON.stringify(email)} is not a valid address` }]
      : [],
  );

const attachmentIssues = ({ attachments }: DraftMessage): ProblemIssue[] =>
  attachments.flatMap(({ content }, n) =>
    isBase64(content) ? [] : [{ at: `body.attachments.${n}.content`, message: "not base64 (RFC 4648 §4)" }],
  );

/** Node's decoder skips what it does not know; half an attachment must be an error instead. */
function isBase64(content: string): boolean {
  const text = withoutLines(content);
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

const withoutLines = (text: string): string => text.replaceAll(/[\r\n]/g, "");

/** Builds and stores the message. Nothing refers to the bytes yet: the caller's transaction does. */
export async function composeOutgoing(
  env: Env,
  message: DraftMessage | SendMessage,
  from: Address,
  answered: Answered | null,
  sender: Sender,
  kind: "sent" | "draft",
): Promise<Composed> {
  const issues = attachmentIssues(message);
  if (issues.length > 0) throw new Failure("bad_request", "An attachment is not valid.", issues);
  const isBulk = "class" in message && message.class === "bulk";
  const now = Date.now();
  const bytes = new Uint8Array(
    composeMessage({
      from,
      to: addressable(message.to),
      cc: addressable(message.cc),
      reply_to: addressable(message.reply_to),
      recipients_in_front: isBulk,
      subject: message.subject,
      body: message.body,
      ...(message.body_html === undefined ? {} : { body_html: message.body_html }),
      attachments: message.attachments.map(readAttachment),
      in_reply_to: answered?.in_reply_to ?? null,
      references: answered?.references ?? [],
      message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
      date: new Date(now),
      boundary_seed: crypto.randomUUID(),
    }),
  );
  if (bytes.byteLength > MAX_MESSAGE_BYTES) {
    throw new Failure(
      "message_too_large",
      `The message has ${bytes.byteLength} bytes; ${MAX_MESSAGE_BYTES} is the limit.`,
    );
  }
  // Bcc goes into the sender's own copy alone, in front of the bytes that everyone gets (RFC 5322 §3.6.3).
  // So do all recipients of bulk mail, of whom each gets a copy that names nobody else.
  const [to, cc, bcc] = [addressable(message.to), addressable(message.cc), addressable(message.bcc)];
  const field = (name: "To" | "Cc" | "Bcc", addresses: Address[]) =>
    addresses.length === 0 ? "" : formatAddressField(name, addresses);
  const added_fields = (isBulk ? field("To", to) + field("Cc", cc) : "") + field("Bcc", bcc);
  const content = withRecipients(await readContent(bytes), isBulk ? { to, cc, bcc } : { bcc });
  const raw_key = await storeRaw(env, sender.user_id, bytes, now, { kind, added_fields });
  return { raw_key, added_fields, size: bytes.byteLength + new TextEncoder().encode(added_fields).byteLength, content };
}

/** A draft's half-typed addresses are left out of its header; they would not be a header any more. */
const addressable = (addresses: AddressInput[]): Address[] =>
  addresses.flatMap(({ name, email }) => {
    const address = canonicalAddress(email);
    return address === null ? [] : [{ name, email: address }];
  });

function readAttachment(input: DraftMessage["attachments"][number]): OutgoingAttachment {
  const { filename, content_type, disposition, content_id } = input;
  const content = new Uint8Array(Buffer.from(withoutLines(input.content), "base64"));
  return { filename, content_type, disposition, content, ...(content_id === undefined ? {} : { content_id }) };
}
