/**
 * `/v1/blocked-senders`, `/v1/never-junk-senders` and `/v1/image-senders`: addresses and domains that the owner of a
 * mailbox treats alike, whatever they write.
 */
import { z } from "zod";
import { UserId } from "./ids.ts";
import { DEFAULT_PAGE, MAX_PAGE } from "./limits.ts";

/**
 * `blocked`: refused at the door, or put into junk. `never_junk`: never put into junk, unless it is forged.
 * `show_images`: remote images are shown without asking, where it is certain that it is their mail.
 */
export const Treatment = z.enum(["blocked", "never_junk", "show_images"]);
export type Treatment = z.infer<typeof Treatment>;

export const SenderTreatment = z.object({
  user_id: UserId,
  /** An address in small letters, or `@` and a domain, which stands for its subdomains too. */
  sender: z.string(),
  treatment: Treatment,
  created_at: z.iso.datetime(),
});
export type SenderTreatment = z.infer<typeof SenderTreatment>;

export const TreatSender = z.strictObject({
  /** An address, or `@` and a domain. */
  sender: z.string().min(1).max(320),
});
export type TreatSender = z.infer<typeof TreatSender>;

export const ListSenderTreatments = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().min(1).max(600).optional(),
});
export type ListSenderTreatments = z.infer<typeof ListSenderTreatments>;

export const SenderTreatmentPage = z.object({
  senders: z.array(SenderTreatment),
  next_cursor: z.string().nullable(),
});
export type SenderTreatmentPage = z.infer<typeof SenderTreatmentPage>;
