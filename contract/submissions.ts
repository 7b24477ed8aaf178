/** Submissions on the wire: the truth about a message on its way out. */
import { z } from "zod";
import { MessageId, SubmissionId, UserId } from "./ids.ts";
import { MessageClass } from "./messages.ts";

export const RecipientState = z.enum([
  "queued",
  "sending",
  "sent",
  "delivered",
  "deferred",
  "failed",
  "cancelled",
  "uncertain",
]);
export type RecipientState = z.infer<typeof RecipientState>;

export const SubmissionRecipient = z.object({
  email: z.string(),
  /** `sent`: a relay took it. `delivered`: it is in a mailbox of this mesh. `deferred`: it is tried again. */
  state: RecipientState,
  /** Enhanced status code (RFC 3463) of the last answer. */
  status: z.string().nullable(),
  /** The remote server's own words. */
  reply: z.string().nullable(),
  remote_mta: z.string().nullable(),
  updated_at: z.iso.datetime(),
});

export const Submission = z.object({
  id: SubmissionId,
  user_id: UserId,
  message_id: MessageId.nullable(),
  class: MessageClass,
  /** The least final of the recipients' states. */
  state: RecipientState,
  created_at: z.iso.datetime(),
  send_at: z.iso.datetime(),
  attempts: z.number().int(),
  next_attempt_at: z.iso.datetime().nullable(),
  can_undo: z.boolean(),
  recipients: z.array(SubmissionRecipient),
});
export type Submission = z.infer<typeof Submission>;

/** Asks for the letter that tells an owner that the account was stopped. On the same queue. */
export const StopNoticeJob = z.object({ user_id: z.string(), stop_notice: z.literal(true) });
export type StopNoticeJob = z.infer<typeof StopNoticeJob>;

/** What the outbound queue carries: only where to look. The Mailbox knows the rest. */
export const OutboundJob = z.object({ user_id: z.string(), submission_id: z.number().int() });
export type OutboundJob = z.infer<typeof OutboundJob>;
