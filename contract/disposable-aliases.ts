/** `/v1/aliases`: addresses that the owner of a mailbox gives away, each to somebody, and can switch off. */
import { z } from "zod";
import { UserId } from "./ids.ts";

/** Whom it was given to. */
const note = z.string().max(200);

export const DisposableAlias = z.object({
  user_id: UserId,
  email: z.string(),
  note: z.string(),
  /** Mail to one that is not is refused. */
  is_active: z.boolean(),
  created_at: z.iso.datetime(),
});
export type DisposableAlias = z.infer<typeof DisposableAlias>;

export const DisposableAliasList = z.object({ aliases: z.array(DisposableAlias) });

export const CreateDisposableAlias = z.strictObject({
  note: note.default(""),
  /** What the address begins with, for people; what cannot be guessed follows. */
  prefix: z
    .string()
    .toLowerCase()
    .max(20)
    .regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/, "letters and digits, with single . _ or - between them")
    .optional(),
});
export type CreateDisposableAlias = z.infer<typeof CreateDisposableAlias>;

export const UpdateDisposableAlias = z
  .strictObject({ note: note.optional(), is_active: z.boolean().optional() })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateDisposableAlias = z.infer<typeof UpdateDisposableAlias>;
