/** `GET /v1/settings`, `PATCH /v1/settings`: what the owner of a mailbox can choose, and finds again on every device. */
import { z } from "zod";
import { MAX_UNDO_SECONDS } from "./limits.ts";
import { TimeZone } from "./search.ts";

/** Days until what is there goes for good; null for never. */
const days = z.number().int().min(1).max(3650).nullable();

/** Seconds in which a send can still be undone. */
const undo = z.number().int().min(0).max(MAX_UNDO_SECONDS);

/** Null for what the browser says. */
const language = z.enum(["en", "zh", "de"]).nullable();
const theme = z.enum(["system", "light", "dark"]);
const density = z.enum(["comfortable", "compact"]);
const readingPane = z.enum(["right", "below", "off"]);

/**
 * `ask`: of senders on the list of `/v1/image-senders` they are shown, of others when the reader says so. `always`: but of
 * forged mail and junk. `never`: not without being asked for, whoever sent them.
 */
const remoteImages = z.enum(["ask", "always", "never"]);

/** Seconds that a message is open before it is read: 0 for at once, null for when the reader says so. */
const markRead = z.number().int().min(0).max(60).nullable();

export const Settings = z.object({
  trash_days: days.default(30),
  junk_days: days.default(30),
  /** Of a send that names neither `undo_seconds` nor `send_at`. */
  undo_seconds: undo.default(10),
  language: language.default(null),
  /** A name of the IANA time zone database; null for the device's own. */
  time_zone: z.string().nullable().default(null),
  theme: theme.default("system"),
  density: density.default("comfortable"),
  reading_pane: readingPane.default("right"),
  /** Lists show conversations, not messages. */
  conversations: z.boolean().default(true),
  remote_images: remoteImages.default("ask"),
  mark_read_seconds: markRead.default(0),
  keyboard_shortcuts: z.boolean().default(true),
  /** Of new mail, where the device allows them. */
  notifications: z.boolean().default(false),
});
export type Settings = z.infer<typeof Settings>;

export const UpdateSettings = z
  .strictObject({
    trash_days: days,
    junk_days: days,
    undo_seconds: undo,
    language,
    time_zone: TimeZone.nullable(),
    theme,
    density,
    reading_pane: readingPane,
    conversations: z.boolean(),
    remote_images: remoteImages,
    mark_read_seconds: markRead,
    keyboard_shortcuts: z.boolean(),
    notifications: z.boolean(),
  })
  .partial()
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateSettings = z.infer<typeof UpdateSettings>;
