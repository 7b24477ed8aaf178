/**
 * The door for mail from outside: `GET /ingest` asks whether a recipient would be taken (the gateway does so at RCPT),
 * `POST /ingest` hands the message over. Both carry the envelope in the query (`from`, one or more `to`) and are
 * authenticated by the deployment's ingest secret as a bearer token. The body of the POST is the raw message.
 *
 * Whoever hands a message over may say what it found out about the sender, in a header `authentication-results` of the
 * POST: the value of such a field (RFC 8601 §2.2), by its own authserv-id, in one line of ASCII. `dmarc` with
 * `header.from` and `policy.dmarc`, `dkim` with `header.d` and `header.s`, `spf` with `smtp.mailfrom` (or `smtp.helo`) and
 * `arc` are read. Without it nothing is said of the sender: fields of that name in the message are the sender's own.
 */
import { z } from "zod";
import { MAX_ADDRESS_OCTETS, MAX_ENVELOPE_RECIPIENTS } from "./limits.ts";

/** What an address is beyond this is the mesh's question. CR and LF would end a trace field, and begin one of the sender's. */
const EnvelopeAddress = z
  .string()
  .max(MAX_ADDRESS_OCTETS)
  .regex(/^\P{Cc}*$/u, "control_character");

/** The SMTP envelope (RFC 5321 §2.3.1). An empty `mail_from` is the null reverse-path `<>` (§4.5.5). */
export const Envelope = z.object({
  mail_from: EnvelopeAddress,
  rcpt_to: z.array(EnvelopeAddress.min(1)).min(1).max(MAX_ENVELOPE_RECIPIENTS),
});
export type Envelope = z.infer<typeof Envelope>;

/** What the connection said of itself, for the Received field (RFC 5321 §4.4). All optional, all from the trusted hop. */
export const Hop = z.object({
  /** The name that the client gave in EHLO. */
  helo: z.string().max(255).optional(),
  /** The client's address, v4 or v6, without brackets. */
  remote_address: z.string().max(45).optional(),
  /** RFC 3848: SMTP, ESMTP, ESMTPS, UTF8SMTP, UTF8SMTPS … What is not registered is not written into the field. */
  protocol: z
    .string()
    .regex(/^[A-Z0-9]{1,12}$/)
    .optional(),
});
export type Hop = z.infer<typeof Hop>;

/** Why a message, or one of its recipients, was refused. */
export const RefusalReason = z.enum([
  "bad_address",
  "no_such_mailbox",
  "not_our_domain",
  "message_too_large",
  "too_many_recipients",
  "mailbox_full",
  "mail_loop",
  "sender_blocked",
  "sender_forged",
  "dangerous_attachment",
  "refused_by_recipient",
  "sender_too_fast",
  "mailbox_too_fast",
  "store_unavailable",
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** An SMTP reply: basic code (RFC 5321 §4.2), enhanced status code (RFC 3463), text. */
export const SmtpReply = z.object({
  code: z.number().int().min(200).max(599),
  status: z.string().regex(/^[245]\.\d{1,3}\.\d{1,3}$/),
  text: z.string(),
});
export type SmtpReply = z.infer<typeof SmtpReply>;

export const RecipientOutcome = z.discriminatedUnion("outcome", [
  /** In the mailbox (or there already: a repeat), or durable and on its way there. */
  z.object({ address: z.string(), outcome: z.literal("accepted") }),
  z.object({ address: z.string(), outcome: z.literal("refused"), reason: RefusalReason, smtp: SmtpReply }),
]);
export type RecipientOutcome = z.infer<typeof RecipientOutcome>;

/** The answer to both calls, status 200 whatever the outcomes. A 5xx or no answer means: nothing was acknowledged. */
export const IngestReply = z.object({ recipients: z.array(RecipientOutcome) });
export type IngestReply = z.infer<typeof IngestReply>;
