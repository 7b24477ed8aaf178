/** What the attachments of a message really are, and what a scanner says of them. */
import { z } from "zod";

export const AttachmentDanger = z.enum([
  "virus",
  "program",
  "script",
  "macros",
  "encrypted_archive",
  "unreadable_archive",
  "double_extension",
  "disguised_name",
  // Its content is of another type than it says.
  "type_differs",
]);
export type AttachmentDanger = z.infer<typeof AttachmentDanger>;

export const AttachmentScan = z.object({
  /** `not_configured`: this deployment has no scanner. `failed`: it did not answer, and nobody knows. */
  scanner: z.object({
    state: z.enum(["not_configured", "clean", "infected", "failed"]),
    /** What it found, or why it failed, in its own words. */
    found: z.string().nullable(),
  }),
  /** One for each attachment about which there is something to say. */
  files: z.array(
    z.object({
      /** The number of the attachment. */
      n: z.number().int(),
      /** The media type of its content; null where that is not known. */
      detected_type: z.string().nullable(),
      dangers: z.array(z.object({ danger: AttachmentDanger, words: z.string() })),
    }),
  ),
});
export type AttachmentScan = z.infer<typeof AttachmentScan>;
