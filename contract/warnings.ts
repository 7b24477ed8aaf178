/** What the reader of a message should know before believing it. */
import { z } from "zod";

export const WarningReason = z.enum([
  // The domain in From says that the message is not from there.
  "sender_forged",
  // The name is that of somebody the owner writes to, or of the own domain, and the address is another.
  "imitates_contact",
  "imitates_own_domain",
  // The domain looks like one that is known, and is another.
  "look_alike_domain",
  // A link shows another host than it leads to.
  "misleading_link",
  // Answers go to another domain than the message says it is from.
  "reply_to_elsewhere",
  "form",
  "script",
  "dangerous_attachment",
]);
export type WarningReason = z.infer<typeof WarningReason>;

export const Warning = z.object({
  reason: WarningReason,
  /** What is meant: the address, the host, the file. */
  subject: z.string().nullable(),
  /** In a sentence, for the reader. */
  words: z.string(),
});
export type Warning = z.infer<typeof Warning>;
