/** `GET /v1/quota`: how much room a mailbox has, and what takes it. Sizes are bytes of whole messages. */
import { z } from "zod";
import { Folder } from "./folders.ts";
import { UserId } from "./ids.ts";

const counted = { total: z.number().int(), size: z.number().int() };

export const Quota = z.object({
  user_id: UserId,
  limit: z.number().int(),
  /** Each message once, in however many folders it is. Beyond the limit mail is put off (452 4.2.2). */
  used: z.number().int(),
  /** A message in two folders counts in both. */
  folders: z.array(Folder),
  /** By the year of arrival, in UTC, newest first. */
  years: z.array(z.object({ year: z.number().int(), ...counted })),
  /** Decoded bytes of attachments, largest first, the fifty largest types. */
  attachment_types: z.array(z.object({ content_type: z.string(), ...counted })),
});
export type Quota = z.infer<typeof Quota>;
