/** `POST /v1/messages/{id}/read-receipt`: tells the sender, who asked for it, that the message was read. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Failure } from "../../contract/failure.ts";
import { MessageId, SubmissionId } from "../../contract/ids.ts";
import type { WantedReceipt } from "../../durable-objects/mailbox/read-receipts.ts";
import { composeReadReceipt } from "../../mail/compose/read-receipt.ts";
import { whyAutomatic } from "../../mail/parse/automatic-mail.ts";
import type { Env } from "../env.ts";
import { ownAddress } from "../outbound/own-address.ts";
import { requireCarriable } from "../outbound/require-carriable.ts";
import { readHeader, storeRaw } from "../storage/raw-messages.ts";
import { type ApiEnv, json, problems, resource } from "./api-env.ts";
import { orDiscard } from "./or-discard.ts";

export const readReceipts = resource();

const SentReceipt = z.object({ submission_id: SubmissionId });

readReceipts.openapi(
  createRoute({
    method: "post",
    path: "/{id}/read-receipt",
    summary: "Tell its sender, who asked for it, that the message was read: once, and never by itself",
    request: { params: z.object({ id: MessageId }) },
    responses: { 202: json(SentReceipt, "The receipt is on its way"), ...problems },
  }),
  async (c) => c.json(SentReceipt.parse(await send(c, c.req.valid("param").id)), 202),
);

async function send(c: Context<ApiEnv>, id: MessageId): Promise<{ submission_id: string }> {
  const { session, user_id } = c.var;
  const wanted = await session.wantedReceipt(id);
  const why = whyAutomatic(await readHeader(c.env, wanted.raw_key));
  if (why !== null) {
    throw new Failure("conflict", `It came from a ${why === "list" ? "list" : "program"}: nobody waits for a receipt.`);
  }
  if (!(await c.env.SEND_RATE.limit({ key: user_id })).success) {
    throw new Failure("rate_limited", "Too many messages in a minute. Wait before the next.");
  }
  const raw = await compose(c.env, wanted);
  // Nobody is told of a receipt that fails on its way, and the mark would keep it from being sent again.
  await requireCarriable(c.env, [wanted.receipt_to], { mail_from: "", raw }, wanted.sender.email);
  const raw_key = await storeRaw(c.env, user_id, raw, Date.now());
  return orDiscard(c, raw_key, session.sendReceipt(id, raw_key));
}

async function compose(env: Env, { sender, receipt_to, delivered_to, original }: WantedReceipt) {
  const { sent_at } = original;
  return new Uint8Array(
    composeReadReceipt({
      reader: await readerOf(env, delivered_to, sender),
      to: receipt_to,
      host: env.HOSTNAME,
      original: { ...original, sent_at: sent_at === null || !isTime(sent_at) ? null : new Date(sent_at) },
      message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
      date: new Date(),
      boundary_seed: crypto.randomUUID(),
    }),
  );
}

const isTime = (milliseconds: number): boolean => !Number.isNaN(new Date(milliseconds).getTime());

/** The address that the sender knows, where it is this account's alone: another one of it is nobody's business. */
async function readerOf(env: Env, deliveredTo: string, { user_id, name, email }: WantedReceipt["sender"]) {
  return { name, email: (await ownAddress(env, user_id, deliveredTo)) ?? email };
}
