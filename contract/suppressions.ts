/** Addresses that mail is not sent to without asking. */
import { z } from "zod";
import { SubmissionId, UserId } from "./ids.ts";
import { DEFAULT_PAGE, MAX_PAGE } from "./limits.ts";

export const Suppression = z.object({
  user_id: UserId,
  /** In small letters, whatever it was written in. */
  email: z.string(),
  /** `bounce`: there is no such mailbox. `complaint`: they called a message spam. `unsubscribed`: no more bulk mail. */
  reason: z.enum(["bounce", "complaint", "unsubscribed"]),
  /** The remote server's own words, or those of the complaint. */
  detail: z.string(),
  /** The message that it came of. */
  submission_id: SubmissionId.nullable(),
  created_at: z.iso.datetime(),
});
export type Suppression = z.infer<typeof Suppression>;

export const ListSuppressions = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().min(1).max(600).optional(),
});
export type ListSuppressions = z.infer<typeof ListSuppressions>;

export const SuppressionPage = z.object({
  suppressions: z.array(Suppression),
  next_cursor: z.string().nullable(),
});
export type SuppressionPage = z.infer<typeof SuppressionPage>;
