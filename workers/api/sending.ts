/** `POST /v1/messages`: sending. The answer is 202: what becomes of the message is the submission's to say. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Failure } from "../../contract/failure.ts";
import { SendMessage, type SendTime, Sent } from "../../contract/messages.ts";
import { sha256 } from "../../contract/sessions.ts";
import type { IdempotencyKey, Outgoing } from "../../durable-objects/mailbox/submissions.ts";
import { chooseSender } from "../outbound/choose-sender.ts";
import { checkMessage, composeOutgoing } from "../outbound/compose-outgoing.ts";
import { withinAllowance } from "../outbound/domain-allowance.ts";
import { gatherAttachments } from "../outbound/gather-attachments.ts";
import { requireCarriable } from "../outbound/require-carriable.ts";
import { requireClean } from "../outbound/require-clean.ts";
import { requireNotSuppressed } from "../outbound/require-not-suppressed.ts";
import { discardRaw } from "../storage/raw-messages.ts";
import { type ApiEnv, body, json, problems, resource } from "./api-env.ts";
import { orDiscard } from "./or-discard.ts";

export const sending = resource();

export const IdempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "1 to 255 visible ASCII characters")
    .optional(),
});

/** A year: what is scheduled further ahead is a mistake. */
const MAX_AHEAD_MS = 366 * 24 * 3_600_000;

sending.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Send a message",
    request: { headers: IdempotencyHeader, body: body(SendMessage) },
    responses: { 202: json(Sent, "The copy in Sent, and the submission that tells what becomes of it"), ...problems },
  }),
  async (c) => c.json(await send(c, c.req.valid("json"), null, c.req.valid("header")["idempotency-key"]), 202),
);

/** The draft that a message was, as its writer has seen it. */
export interface SentDraft {
  id: string;
  revisions: string[] | null;
}

/** Sends what a client wrote, or a draft of it. The same Idempotency-Key with the same request sends once. */
export async function send(
  c: Context<ApiEnv>,
  request: SendMessage,
  draft: SentDraft | null,
  key: string | undefined,
): Promise<Sent> {
  const draftId = draft?.id ?? null;
  const { session } = c.var;
  const idempotency: IdempotencyKey | null =
    key === undefined ? null : { key, request_hash: await sha256(JSON.stringify([request, draftId])) };
  const earlier = idempotency && (await session.findAccepted(idempotency));
  if (earlier) return Sent.parse(earlier);

  const outgoing = { ...(await prepareOutgoing(c, request, draft)), idempotency };
  const accept = () => c.var.session.submit(outgoing);
  const accepted = await orDiscard(c, outgoing.raw_key, withinAllowance(c.env, outgoing, accept));
  if (accepted.is_repeat) await discardRaw(c.env, c.var.user_id, outgoing.raw_key);
  return Sent.parse(accepted);
}

/** All that must hold before a message is taken, and the message composed and stored. Nothing refers to its bytes yet. */
export async function prepareOutgoing(
  c: Context<ApiEnv>,
  request: SendMessage,
  draft: SentDraft | null,
): Promise<Outgoing> {
  const { session } = c.var;
  // What is wrong with the request itself is said before anybody is asked; an identity may add recipients below.
  const named = checkMessage(request);
  const { sender, identities, answered, undo_seconds, suppressed } = await session.prepare(request.in_reply_to, named);
  const send_at = sendTime(request, request.class === "transactional" ? 0 : undo_seconds, Date.now());
  if (!(await c.env.SEND_RATE.limit({ key: sender.user_id })).success) {
    throw new Failure("rate_limited", "Too many messages in a minute. Wait before the next.");
  }
  const { from, message } = await chooseSender(c.env, request, sender, identities);
  const rcpt_to = checkMessage(message);
  requireNotSuppressed(suppressed, message);
  const mail_from = from.email;
  const draft_id = draft?.id ?? null;
  const attachments = await gatherAttachments(c.env, message, draft_id, (wanted) => session.findAttached(wanted));
  await requireClean(c.env, message, from, attachments);
  const composed = await composeOutgoing(c.env, message, attachments, from, answered, sender, "sent", (written) =>
    requireCarriable(c.env, rcpt_to, { mail_from, ...written }),
  );
  const marks = { answered: answered?.number ?? null, forwarded: message.forwarded_message_id ?? null };
  const of_draft = { draft_id, draft_revisions: draft?.revisions ?? null };
  return { ...composed, mail_from, rcpt_to, send_at, class: message.class, idempotency: null, marks, ...of_draft };
}

/** Throws where the moment is more than a year ahead. */
export function requireSoon(sendAt: number, now: number): number {
  if (sendAt <= now + MAX_AHEAD_MS) return sendAt;
  throw new Failure("bad_request", "The message would leave more than a year from now.", [
    { at: "body.send_at", message: "too far ahead" },
  ]);
}

/** When it leaves: at `send_at`, or after the undo window, which is the settings' where the request names neither. */
function sendTime({ send_at, undo_seconds }: SendTime, usual: number, now: number): number {
  const earliest = now + (undo_seconds ?? (send_at === undefined ? usual : 0)) * 1000;
  const wanted = send_at === undefined ? now : Date.parse(send_at);
  return Math.max(earliest, requireSoon(wanted, now));
}
