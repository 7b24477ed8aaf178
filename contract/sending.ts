/** `GET /v1/sending`: how much an account may still send today, and whether it may send at all. */
import { z } from "zod";
import { UserId } from "./ids.ts";

export const Sending = z.object({
  user_id: UserId,
  /** Recipients outside the sender's own domain, each UTC day; null where there is no limit. */
  daily_recipients: z.number().int().nullable(),
  used: z.number().int(),
  /** When the count begins again. */
  resets_at: z.iso.datetime(),
  is_stopped: z.boolean(),
  stopped_at: z.iso.datetime().nullable(),
  /** In words for the owner. */
  stopped_why: z.string().nullable(),
});
export type Sending = z.infer<typeof Sending>;

/** `PUT /v1/admin/accounts/{email}/sending` 200 `Sending`. */
export const SetSending = z
  .strictObject({
    /** 0 takes what the account's age allows. */
    daily_recipients: z.number().int().min(0).max(10_000_000).optional(),
    /** false lifts a stop, and what counted towards it is forgotten; true stops the account. */
    is_stopped: z.boolean().optional(),
  })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type SetSending = z.infer<typeof SetSending>;
