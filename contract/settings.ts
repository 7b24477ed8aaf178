/** `GET /v1/settings`, `PATCH /v1/settings`: what the owner of a mailbox can choose. */
import { z } from "zod";
import { MAX_UNDO_SECONDS } from "./limits.ts";

/** Days until what is there goes for good; null for never. */
const days = z.number().int().min(1).max(3650).nullable();

/** Seconds in which a send can still be undone. */
const undo = z.number().int().min(0).max(MAX_UNDO_SECONDS);

export const Settings = z.object({
  trash_days: days.default(30),
  junk_days: days.default(30),
  /** Of a send that names neither `undo_seconds` nor `send_at`. */
  undo_seconds: undo.default(10),
});
export type Settings = z.infer<typeof Settings>;

export const UpdateSettings = z
  .strictObject({ trash_days: days.optional(), junk_days: days.optional(), undo_seconds: undo.optional() })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateSettings = z.infer<typeof UpdateSettings>;
