/** `/v1/messages`: reading, marking, moving and deleting messages. Sending is in sending.ts. */
import { createRoute, z } from "@hono/zod-openapi";
import { notFound } from "../../contract/failure.ts";
import { MessageId } from "../../contract/ids.ts";
import { Message, MessageSummary, OpenMessage, UpdateMessage, UpdateMessages } from "../../contract/messages.ts";
import { type AttachmentInfo, readAttachment } from "../../mail/parse/parse-message.ts";
import { readRaw, streamRaw } from "../storage/raw-messages.ts";
import { openAttachment } from "../storage/split-parts.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { withBody } from "./message-body.ts";

export const messages = resource();

const id = z.object({ id: MessageId });
/** Not coerced: what takes everything is described as optional, and no part of a path is. */
const AttachmentNumber = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

messages.openapi(
  createRoute({
    method: "get",
    path: "/{id}",
    summary: "One message with its body",
    request: { params: id, query: OpenMessage },
    responses: { 200: json(Message, "The message"), ...problems },
  }),
  async (c) => {
    const opened = await c.var.session.openMessage(c.req.valid("param").id);
    return c.json(await withBody(c.env, opened, c.req.valid("query").images === "proxied"), 200);
  },
);

messages.openapi(
  createRoute({
    method: "patch",
    path: "/{id}",
    summary: "Mark, flag or move a message",
    request: { params: id, body: body(UpdateMessage) },
    responses: { 200: json(MessageSummary, "The message as it is now"), ...problems },
  }),
  async (c) => {
    const [updated] = await c.var.session.updateMessages({ ids: [c.req.valid("param").id], ...c.req.valid("json") });
    if (updated === undefined) throw notFound("message");
    return c.json(updated, 200);
  },
);

messages.openapi(
  createRoute({
    method: "post",
    path: "/batch",
    summary: "The same update for up to 1,000 messages: all of it or nothing",
    request: { body: body(UpdateMessages) },
    responses: {
      200: json(
        z.object({ messages: z.array(MessageSummary) }),
        "The messages as they are now; destroyed ones are gone",
      ),
      ...problems,
    },
  }),
  async (c) => c.json({ messages: await c.var.session.updateMessages(c.req.valid("json")) }, 200),
);

messages.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "To trash; from trash for good",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.updateMessages({ ids: [c.req.valid("param").id], delete: true });
    return c.body(null, 204);
  },
);

/** Bytes that a stranger wrote: a browser must neither guess what they are nor run them in this origin. */
const UNTRUSTED = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
  "cache-control": "private, max-age=31536000, immutable",
  // What a browser has kept is not given to who comes after, signed in as somebody else or not at all.
  vary: "Cookie, Authorization",
};

messages.openapi(
  createRoute({
    method: "get",
    path: "/{id}/raw",
    summary: "The trace fields and then the exact bytes that came",
    request: { params: id },
    responses: {
      200: { description: "The message", content: { "message/rfc822": { schema: z.string() } } },
      ...problems,
    },
  }),
  async (c) => {
    const { raw } = await c.var.session.openMessage(c.req.valid("param").id);
    const headers = {
      ...UNTRUSTED,
      "content-type": "message/rfc822",
      "content-disposition": 'attachment; filename="message.eml"',
    };
    return new Response(await streamRaw(c.env, raw.raw_key, raw.added_fields), { headers });
  },
);

messages.openapi(
  createRoute({
    method: "get",
    path: "/{id}/attachments/{n}",
    summary: "The bytes of one attachment, always as a download",
    request: { params: z.object({ id: MessageId, n: AttachmentNumber }) },
    responses: {
      200: { description: "The attachment", content: { "application/octet-stream": { schema: z.string() } } },
      ...problems,
    },
  }),
  async (c) => {
    const { id: messageId, n } = c.req.valid("param");
    const { message, raw } = await c.var.session.openMessage(messageId);
    const info = message.attachments.find((attachment) => attachment.n === n);
    const stored = info && (await openAttachment(c.env, raw.raw_key, n));
    if (info && stored) return download(info, stored.body);
    const attachment = await readAttachment(await readRaw(c.env, raw.raw_key), n);
    if (attachment === null) throw notFound("attachment");
    return download(attachment.info, attachment.content);
  },
);

function download({ filename, content_type }: AttachmentInfo, content: BodyInit): Response {
  return new Response(content, {
    headers: {
      ...UNTRUSTED,
      "content-type": isActive(content_type) ? "application/octet-stream" : content_type,
      // RFC 6266 §4.3: the second form carries any name, the first is for who cannot read it.
      "content-disposition": `attachment; filename="${filename.replaceAll(/[^\w. -]/g, "_")}"; filename*=UTF-8''${encodeName(filename)}`,
    },
  });
}

/** Types that a browser would run, should anything ever make it show them. */
const isActive = (type: string): boolean =>
  /html|xml|svg|script|shockwave|pdf/i.test(type) || !/^[\w.+-]+\/[\w.+-]+$/.test(type);

/** RFC 8187 §3.2: percent-encoded UTF-8, and the few marks that encodeURIComponent leaves but the rule does not. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
