/** `/v1/drafts`: messages that are still being written. They are read, listed and deleted like any message. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Failure } from "../../contract/failure.ts";
import { MessageId } from "../../contract/ids.ts";
import { DraftMessage, MessageSummary, SendMessage, Sent } from "../../contract/messages.ts";
import { revisionOf } from "../../contract/r2-keys.ts";
import type { Composed } from "../../durable-objects/mailbox/drafts.ts";
import { composeOutgoing } from "../outbound/compose-outgoing.ts";
import { attachmentIssues, gatherAttachments } from "../outbound/gather-attachments.ts";
import { withRecipients } from "../storage/read-content.ts";
import { type ApiEnv, body, json, problems, resource } from "./api-env.ts";
import { orDiscard } from "./or-discard.ts";
import { IdempotencyHeader, send } from "./sending.ts";

export const drafts = resource();

const id = z.object({ id: MessageId });

/**
 * The revisions that a client has seen (RFC 9110 §13.1.1), or null: who sends none, or a star, replaces what is there. A
 * draft is written in one place at a time, and there the last save is the one that counts; who writes in two says what
 * he has seen, and hears 412 where it is not what is there any more.
 */
const IfMatchHeader = z.object({
  "if-match": z
    .string()
    .max(1000)
    .regex(/^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*)$/, "a list of entity tags")
    .optional()
    .transform((value) => {
      if (value === undefined || value === "*") return null;
      return [...value.matchAll(/(W\/)?"([^"]*)"/g)].flatMap(([, weak, tag = ""]) => (weak ? [] : [tag]));
    }),
});

const etagOf = ({ raw_key }: Composed) => ({ etag: `"${revisionOf(raw_key)}"` });

drafts.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Keep a draft",
    request: { body: body(DraftMessage) },
    responses: { 201: json(MessageSummary, "The draft"), ...problems },
  }),
  async (c) => {
    const composed = await compose(c, c.req.valid("json"), null);
    const draft = await orDiscard(c, composed.raw_key, c.var.session.createDraft(composed));
    return c.json(draft, 201, etagOf(composed));
  },
);

drafts.openapi(
  createRoute({
    method: "put",
    path: "/{id}",
    summary: "Replace a draft; it keeps its id",
    request: { params: id, headers: IfMatchHeader, body: body(DraftMessage) },
    responses: { 200: json(MessageSummary, "The draft as it is now"), ...problems },
  }),
  async (c) => {
    const draftId = c.req.valid("param").id;
    const revisions = c.req.valid("header")["if-match"];
    await c.var.session.requireDraft(draftId, revisions);
    const composed = await compose(c, c.req.valid("json"), draftId);
    const draft = await orDiscard(c, composed.raw_key, c.var.session.replaceDraft(draftId, composed, revisions));
    return c.json(draft, 200, etagOf(composed));
  },
);

drafts.openapi(
  createRoute({
    method: "post",
    path: "/{id}/send",
    summary: "Send a draft, as it is given here; the draft goes",
    request: { params: id, headers: IdempotencyHeader.extend(IfMatchHeader.shape), body: body(SendMessage) },
    responses: { 202: json(Sent, "The copy in Sent and its submission"), ...problems },
  }),
  async (c) => {
    const { "idempotency-key": key, "if-match": revisions } = c.req.valid("header");
    return c.json(await send(c, c.req.valid("json"), { id: c.req.valid("param").id, revisions }, key), 202);
  },
);

/** A draft's sender is only checked when it is sent. */
async function compose(c: Context<ApiEnv>, message: DraftMessage, draftId: string | null): Promise<Composed> {
  const { session } = c.var;
  const issues = attachmentIssues(message);
  if (issues.length > 0) throw new Failure("bad_request", "An attachment is not valid.", issues);
  const { sender, answered } = await session.prepare(message.in_reply_to, []);
  const attachments = await gatherAttachments(c.env, message, draftId, (wanted) => session.findAttached(wanted));
  const from = { name: message.from?.name || sender.name, email: sender.email };
  const composed = await composeOutgoing(c.env, message, attachments, from, answered, sender, "draft");
  return { ...composed, content: withRecipients(composed.content, asTyped(message)) };
}

/** Beyond this, what stands in the header must do: a row of the platform holds 2 MB. */
const MAX_TYPED_CHARACTERS = 256 * 1024;

/** Half an address cannot stand in a header (RFC 5322 §3.4), but its writer wants to go on with it. */
function asTyped({
  to,
  cc,
  bcc,
  reply_to,
}: DraftMessage): Partial<Pick<DraftMessage, "to" | "cc" | "bcc" | "reply_to">> {
  const typed = { to, cc, bcc, reply_to };
  return JSON.stringify(typed).length <= MAX_TYPED_CHARACTERS ? typed : {};
}
