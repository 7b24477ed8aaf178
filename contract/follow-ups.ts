/** What a delivery makes leave the mesh. Stored as JSON in the Mailbox, and read by the Worker that composes it. */
import { z } from "zod";

const Words = z.object({
  /** Whom it goes to: the reverse-path of the message that it answers (RFC 3834 §4). */
  to: z.string(),
  /** Null: "Auto:" and the subject of the message that it answers (RFC 5230 §4.3). */
  subject: z.string().nullable(),
  body: z.string(),
  body_html: z.string().nullable().default(null),
  /** The owner's address and name that it is from; null for the address that the message came to. */
  from: z.object({ name: z.string(), email: z.string() }).nullable().default(null),
  /** By what it is known that its reader was answered already (`vacation_reply`). */
  handle: z.string(),
  /** It is sent only if this is an address of the owner alone. */
  only_if_own: z.string().nullable().default(null),
});

export const FollowUp = z.discriminatedUnion("kind", [
  /** The message itself, as it came, to somebody else. */
  z.object({ kind: z.literal("forward"), to: z.string() }),
  /** A filter's answer. */
  Words.extend({ kind: z.literal("reply") }),
  /** The owner is away (RFC 3834, RFC 5230). */
  Words.extend({
    kind: z.literal("vacation"),
    /** RFC 5230 §4.4: the reason is a whole MIME entity, header fields and all. */
    is_mime: z.boolean().default(false),
  }),
  /** The owner does not want it, and says why (RFC 5429 §2.1). */
  z.object({ kind: z.literal("reject"), to: z.string(), reason: z.string() }),
]);
export type FollowUp = z.infer<typeof FollowUp>;

/** As a rule says it: what may be left out is left out. */
export type NewFollowUp = z.input<typeof FollowUp>;

/** Asks for it to be composed and sent. On the outbound queue; the Mailbox knows the rest. */
export const FollowUpJob = z.object({ user_id: z.string(), follow_up: z.number().int() });
export type FollowUpJob = z.infer<typeof FollowUpJob>;
