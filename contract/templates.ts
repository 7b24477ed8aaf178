/** `/v1/templates`: what the owner of a mailbox writes again and again. Kept for clients, which put it into messages. */
import { z } from "zod";
import { UserId } from "./ids.ts";
import { MAX_TEMPLATE_CHARACTERS, MAX_TEMPLATE_HTML_CHARACTERS } from "./limits.ts";

export const TemplateId = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{16}$/, "not a template id")
  .brand<"TemplateId">();
export type TemplateId = z.infer<typeof TemplateId>;

const name = z.string().normalize("NFC").trim().min(1).max(100);
const subject = z.string().max(1000);
const body = z.string().max(MAX_TEMPLATE_CHARACTERS);
const bodyHtml = z.string().max(MAX_TEMPLATE_HTML_CHARACTERS).nullable();

export const Template = z.object({
  id: TemplateId,
  user_id: UserId,
  name: z.string(),
  subject: z.string(),
  body: z.string(),
  /** Null for one in plain text. */
  body_html: z.string().nullable(),
  changed_at: z.iso.datetime(),
});
export type Template = z.infer<typeof Template>;

/** By name: as many as MAX_TEMPLATES. */
export const TemplateList = z.object({ templates: z.array(Template) });

export const CreateTemplate = z.strictObject({
  name,
  subject: subject.default(""),
  body: body.default(""),
  body_html: bodyHtml.default(null),
});
export type CreateTemplate = z.infer<typeof CreateTemplate>;

export const UpdateTemplate = z
  .strictObject({ name, subject, body, body_html: bodyHtml })
  .partial()
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateTemplate = z.infer<typeof UpdateTemplate>;
