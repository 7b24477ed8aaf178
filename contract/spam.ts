/** `GET /v1/messages/{id}/spam`: how much a message looks like spam, and why. */
import { z } from "zod";

/** One thing that speaks for spam, or with a weight below 0 against it. */
export const SpamTest = z.object({
  name: z.string(),
  weight: z.number(),
  /** For the owner of the mailbox. */
  words: z.string(),
});
export type SpamTest = z.infer<typeof SpamTest>;

export const SpamVerdict = z.object({
  /** The sum of the weights. */
  score: z.number(),
  /** From here on it is spam. */
  threshold: z.number(),
  is_spam: z.boolean(),
  tests: z.array(SpamTest),
});
export type SpamVerdict = z.infer<typeof SpamVerdict>;
