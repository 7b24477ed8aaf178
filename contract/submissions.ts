/** Submissions on the wire: the truth about a message on its way out. */
import { z } from "zod";
import { MessageId, SubmissionId, UserId } from "./ids.ts";
import { DEFAULT_PAGE, MAX_PAGE } from "./limits.ts";
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
  /**
   * `sent`: a relay took it. `delivered`: it is in a mailbox of this mesh. `deferred`: it is tried again. `uncertain`: it
   * was handed over and no answer came; it is tried again later, and may then be there twice.
   */
  state: RecipientState,
  /** Enhanced status code (RFC 3463) of the last answer. */
  status: z.string().nullable(),
  /** The remote server's own words. */
  reply: z.string().nullable(),
  remote_mta: z.string().nullable(),
  /** How often it was tried, and when last. */
  attempts: z.number().int(),
  attempted_at: z.iso.datetime().nullable(),
  /** How often it was handed over and no answer came: each time may have made a copy. */
  uncertain_attempts: z.number().int(),
  /** The way that was tried last: `mesh`, `send_email`, or the relay. */
  transport: z.string().nullable(),
  /** The recipient called it spam. */
  complained_at: z.iso.datetime().nullable(),
  updated_at: z.iso.datetime(),
});
export type SubmissionRecipient = z.infer<typeof SubmissionRecipient>;

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
  /** Nobody has it yet: it can be taken back, replaced, or leave at another time. */
  can_undo: z.boolean(),
  recipient_count: z.number().int(),
  /** In a list the first MAX_LISTED_RECIPIENTS of them. */
  recipients: z.array(SubmissionRecipient),
});
export type Submission = z.infer<typeof Submission>;

/** Asks for the letter that tells an owner that the account was stopped. On the same queue. */
export const StopNoticeJob = z.object({ user_id: z.string(), stop_notice: z.literal(true) });
export type StopNoticeJob = z.infer<typeof StopNoticeJob>;
export const ListSubmissions = z.object({
  /** `open`: still to be tried, or its failure still to be told. `failed`: so it ended for a recipient. */
  state: z.enum(["open", "failed", "all"]).default("all"),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().min(1).max(64).optional(),
});
export type ListSubmissions = z.infer<typeof ListSubmissions>;

export const SubmissionPage = z.object({
  /** Newest first. */
  submissions: z.array(Submission),
  /** A page of failed ones may be short and have more behind it all the same. */
  next_cursor: z.string().nullable(),
});
export type SubmissionPage = z.infer<typeof SubmissionPage>;

/** Another time for a message that has not left. */
export const UpdateSubmission = z
  .strictObject({ send_at: z.iso.datetime({ offset: true }).optional(), send_now: z.literal(true).optional() })
  .refine((update) => Object.keys(update).length === 1, "either send_at or send_now");
export type UpdateSubmission = z.infer<typeof UpdateSubmission>;

/** What the outbound queue carries: only where to look. The Mailbox knows the rest. */
export const OutboundJob = z.object({ user_id: z.string(), submission_id: z.number().int() });
export type OutboundJob = z.infer<typeof OutboundJob>;
