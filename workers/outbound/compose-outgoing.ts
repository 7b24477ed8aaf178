/**
 * From what a client wrote to a message: checks it as a whole, builds the MIME bytes, stores them. A send and a draft
 * differ only in how much must be there.
 */
import type { AddressInput } from "../../contract/addresses.ts";
import { Failure } from "../../contract/failure.ts";
import { MAX_SENT_BYTES, MAX_SUBMISSION_RECIPIENTS } from "../../contract/limits.ts";
import type { DraftMessage, SendMessage } from "../../contract/messages.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import type { Composed } from "../../durable-objects/mailbox/drafts.ts";
import type { Answered, Sender } from "../../durable-objects/mailbox/sender.ts";
import {
  type Address,
  composePieces,
  formatAddressField,
  type OutgoingAttachment,
} from "../../mail/compose/compose-message.ts";
import { isOctets, piecesSize } from "../../mail/compose/pieces.ts";
import { restoreImages } from "../../mail/html/restore-images.ts";
import type { Env } from "../env.ts";
import { storeMessage } from "../storage/raw-messages.ts";
import { withRecipients } from "../storage/read-content.ts";
import { storablePieces } from "../storage/storable-pieces.ts";
import { attachmentIssues, orGone, tooLarge } from "./gather-attachments.ts";
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

/** A message that is composed and not stored yet: where it begins, with its whole header, and its size. */
export interface Written {
  raw: Uint8Array;
  size: number;
}

/**
 * Builds and stores the message. Nothing refers to the bytes yet: the caller's transaction does. `examine` sees it
 * before it is stored, and refuses it by throwing.
 */
export async function composeOutgoing(
  env: Env,
  message: DraftMessage | SendMessage,
  attachments: OutgoingAttachment[],
  from: Address,
  answered: Answered | null,
  sender: Sender,
  kind: "sent" | "draft",
  examine: (written: Written) => Promise<void> = async () => undefined,
): Promise<Composed> {
  const isBulk = "class" in message && message.class === "bulk";
  const now = Date.now();
  const pieces = composePieces({
    from,
    to: addressable(message.to),
    cc: addressable(message.cc),
    reply_to: addressable(message.reply_to),
    recipients_in_front: isBulk,
    ...(message.request_read_receipt ? { receipt_to: { name: "", email: from.email } } : {}),
    subject: message.subject,
    body: message.body,
    ...(message.body_html === undefined ? {} : { body_html: restoreImages(message.body_html) }),
    attachments,
    in_reply_to: answered?.in_reply_to ?? null,
    references: answered?.references ?? [],
    message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
    date: new Date(now),
    boundary_seed: crypto.randomUUID(),
  });
  const size = piecesSize(pieces);
  if (size > MAX_SENT_BYTES) throw tooLarge(size);
  await examine({ raw: pieces.find(isOctets) ?? new Uint8Array(), size });
  // Bcc goes into the sender's own copy alone, in front of the bytes that everyone gets (RFC 5322 §3.6.3). So do all
  // recipients of bulk mail, of whom each gets a copy that names nobody else.
  const [to, cc, bcc] = [addressable(message.to), addressable(message.cc), addressable(message.bcc)];
  const field = (name: "To" | "Cc" | "Bcc", addresses: Address[]) =>
    addresses.length === 0 ? "" : formatAddressField(name, addresses);
  const added_fields = (isBulk ? field("To", to) + field("Cc", cc) : "") + field("Bcc", bcc);
  return orGone(null, async () => {
    const written = await storablePieces(env, pieces);
    const raw_key = await storeMessage(env, sender.user_id, written.message, now, { kind, added_fields });
    const content = withRecipients(written.content, isBulk ? { to, cc, bcc } : { bcc });
    return { raw_key, added_fields, size: size + new TextEncoder().encode(added_fields).byteLength, content };
  });
}

/** A draft's half-typed addresses are left out of its header; they would not be a header any more. */
const addressable = (addresses: AddressInput[]): Address[] =>
  addresses.flatMap(({ name, email }) => {
    const address = canonicalAddress(email);
    return address === null ? [] : [{ name, email: address }];
  });
