/** `/v1/vacation`: what is answered while the owner is away (RFC 3834, RFC 5230). */
import { z } from "zod";
import { MAX_ANSWER_CHARACTERS } from "./limits.ts";

const moment = z.iso.datetime({ offset: true }).nullable().default(null);

export const Vacation = z.object({
  is_enabled: z.boolean().default(false),
  /** Only mail that comes between these is answered. */
  from: moment,
  until: moment,
  /** Null: "Auto:" and the subject of the message. */
  subject: z.string().trim().min(1).max(500).nullable().default(null),
  body: z.string().max(MAX_ANSWER_CHARACTERS).default(""),
  body_html: z.string().max(MAX_ANSWER_CHARACTERS).nullable().default(null),
  /** A sender is told once in so many days. */
  days: z.number().int().min(1).max(90).default(7),
  /** Only who was written to from here is answered. */
  only_contacts: z.boolean().default(false),
});
export type Vacation = z.infer<typeof Vacation>;

export const SetVacation = z
  .strictObject(Vacation.shape)
  .refine(({ is_enabled, body, body_html }) => !is_enabled || body.trim() !== "" || body_html !== null, {
    path: ["body"],
    message: "there is nothing to say",
  })
  .refine(({ from, until }) => from === null || until === null || Date.parse(from) < Date.parse(until), {
    path: ["until"],
    message: "is not after from",
  });
