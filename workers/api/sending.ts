/** `POST /v1/messages`: sending. The answer is 202: what becomes of the message is the submission's to say. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Failure, isFailure } from "../../contract/failure.ts";
import { SendMessage, type SendTime, Sent } from "../../contract/messages.ts";
import { sha256 } from "../../contract/sessions.ts";
import type { IdempotencyKey, Outgoing } from "../../durable-objects/mailbox/submissions.ts";
import { chooseSender } from "../outbound/choose-sender.ts";
import { checkMessage, composeOutgoing } from "../outbound/compose-outgoing.ts";
import { withinAllowance } from "../outbound/domain-allowance.ts";
import { requireSubscribed } from "../outbound/require-subscribed.ts";
import { discardRaw } from "../storage/raw-messages.ts";
import { type ApiEnv, body, json, problems, resource } from "./api-env.ts";

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

/** Sends what a client wrote, or a draft of it. The same Idempotency-Key with the same request sends once. */
export async function send(
  c: Context<ApiEnv>,
  request: SendMessage,
  draftId: string | null,
  key: string | undefined,
): Promise<Sent> {
  const { session } = c.var;
  const idempotency: IdempotencyKey | null =
    key === undefined ? null : { key, request_hash: await sha256(JSON.stringify([request, draftId])) };
  const earlier = idempotency && (await session.findAccepted(idempotency));
  if (earlier) return Sent.parse(earlier);

  checkMessage(request);
  const send_at = sendTime(request, Date.now());
  const { sender, identities, answered } = await session.prepare(request.in_reply_to);
  if (!(await c.env.SEND_RATE.limit({ key: sender.user_id })).success) {
    throw new Failure("rate_limited", "Too many messages in a minute. Wait before the next.");
  }
  const { from, message } = await chooseSender(c.env, request, sender, identities);
  const rcpt_to = checkMessage(message);
  if (message.class === "bulk") requireSubscribed(message, await session.unsubscribedAmong(rcpt_to));
  const composed = await composeOutgoing(c.env, message, from, answered, sender, "sent");
  const outgoing = {
    ...composed,
    mail_from: from.email,
    rcpt_to,
    send_at,
    class: message.class,
    idempotency,
    draft_id: draftId,
  };
  return submit(c, outgoing);
}

/** Hands the message over, and takes its bytes back when the mailbox has no use for them. */
async function submit(c: Context<ApiEnv>, outgoing: Outgoing): Promise<Sent> {
  const discard = () => discardRaw(c.env, c.var.user_id, outgoing.raw_key);
  try {
    const accepted = await withinAllowance(c.env, outgoing, () => c.var.session.submit(outgoing));
    if (accepted.is_repeat) await discard();
    return Sent.parse(accepted);
  } catch (error) {
    // Refused, that is: nothing was written. After any other error something may have been, and the bytes stay.
    if (isFailure(error)) await discard();
    throw error;
  }
}

/** When it leaves: at `send_at`, or after the undo window, or now. */
function sendTime({ send_at, undo_seconds }: SendTime, now: number): number {
  const earliest = now + (undo_seconds ?? 0) * 1000;
  const wanted = send_at === undefined ? now : Date.parse(send_at);
  if (wanted > now + MAX_AHEAD_MS) {
    throw new Failure("bad_request", "The message would leave more than a year from now.", [
      { at: "body.send_at", message: "too far ahead" },
    ]);
  }
  return Math.max(earliest, wanted);
}
