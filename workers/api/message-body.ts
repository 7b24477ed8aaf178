/** A message as it is read: its text, and its HTML made safe. */
import { Message } from "../../contract/messages.ts";
import type { OpenedMessage } from "../../durable-objects/mailbox/read-messages.ts";
import { type SanitiseRefusal, sanitiseHtml } from "../../mail/html/sanitise-html.ts";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import type { Env } from "../env.ts";
import { imageSigner } from "../images/signed-address.ts";
import { readRaw } from "../storage/raw-messages.ts";
import { inflate } from "../storage/read-content.ts";

export async function withBody(env: Env, opened: OpenedMessage, isProxied: boolean): Promise<Message> {
  const { text, html } = await bodyOf(env, opened);
  const proxied = isProxied ? imageSigner(env, opened.message.user_id, Date.now()) : null;
  return Message.parse({ ...opened.message, body: text, ...readable(html, proxied) });
}

/** The body from the object, or from the raw bytes where it is too large or too old to be kept there. */
async function bodyOf(env: Env, { body, raw }: OpenedMessage): Promise<{ text: string; html: string | null }> {
  if (body === null) return parseMessage(await readRaw(env, raw.raw_key));
  return {
    text: body.text === null ? "" : inflate(body.text),
    html: body.html === null ? null : inflate(body.html),
  };
}

type ReadableHtml = Pick<Message, "body_html" | "remote_images" | "html_note">;

function readable(html: string | null, proxied: ((address: string) => string) | null): ReadableHtml {
  if (html === null) return { body_html: null, remote_images: 0, html_note: null };
  const safe = sanitiseHtml(html, proxied === null ? {} : { proxied });
  if (!safe.ok) return { body_html: null, remote_images: 0, html_note: NOTES[safe.error.reason] };
  return { body_html: safe.value.html, remote_images: safe.value.remote_images, html_note: null };
}

const NOTES: Record<SanitiseRefusal["reason"], string> = {
  html_too_long: "its HTML is too long",
  html_too_deep: "its HTML is nested too deeply",
  html_too_large: "its HTML has too many parts",
  html_unstable: "its HTML is broken in a way that cannot be made safe",
};
