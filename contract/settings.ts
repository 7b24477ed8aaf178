/** `GET /v1/settings`, `PATCH /v1/settings`: what the owner of a mailbox can choose. */
import { z } from "zod";

/** Days until what is there goes for good; null for never. */
const days = z.number().int().min(1).max(3650).nullable();

export const Settings = z.object({
  trash_days: days.default(30),
  junk_days: days.default(30),
});
export type Settings = z.infer<typeof Settings>;

export const UpdateSettings = z
  .strictObject({ trash_days: days.optional(), junk_days: days.optional() })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateSettings = z.infer<typeof UpdateSettings>;
