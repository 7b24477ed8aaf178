import type { Template } from "../../../contract/templates.ts";
import type { Letter } from "./letter.ts";
import { paragraphs } from "./quote.ts";

/** In front of what is written; its subject where there is none yet. */
export function withTemplate(letter: Letter, { subject, body, body_html }: Template): Letter {
  const named = { ...letter, subject: letter.subject || subject };
  if (letter.html === null) return { ...named, body: `${body}${letter.body}` };
  return { ...named, html: `${body_html ?? paragraphs(body)}${letter.html.replace(/^<p><\/p>/, "")}` };
}
