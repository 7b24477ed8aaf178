/** `POST /v1/messages/{id}/unsubscribe`: leaves the list that a message came over, as far as a program can. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Failure } from "../../contract/failure.ts";
import { MessageId } from "../../contract/ids.ts";
import { Unsubscribed } from "../../contract/list-unsubscribe.ts";
import type { WantedUnsubscribe } from "../../durable-objects/mailbox/leave-list.ts";
import { composeMessage } from "../../mail/compose/compose-message.ts";
import { readMailto, type UnsubscribeWords } from "../../mail/compose/unsubscribe-mail.ts";
import { ownAddress } from "../outbound/own-address.ts";
import { requireCarriable } from "../outbound/require-carriable.ts";
import { leaveUnread, publicFetch } from "../outside/public-fetch.ts";
import { discardRaw, storeRaw } from "../storage/raw-messages.ts";
import { type ApiEnv, json, problems, resource } from "./api-env.ts";
import { orDiscard } from "./or-discard.ts";
import { withRules } from "./with-rules.ts";

export const leaveList = resource();

leaveList.openapi(
  createRoute({
    method: "post",
    path: "/{id}/unsubscribe",
    summary: "Leave the list that it came over: by one click, by mail, or at the page that is named",
    request: { params: z.object({ id: MessageId }) },
    responses: { 200: json(Unsubscribed, "What was done"), ...problems },
  }),
  async (c) => c.json(Unsubscribed.parse(await leave(c, c.req.valid("param").id)), 200),
);

type Answer = z.input<typeof Unsubscribed>;

async function leave(c: Context<ApiEnv>, id: MessageId): Promise<Answer> {
  const { session, user_id } = c.var;
  const wanted = await withRules(session, (rules) => rules.wantedUnsubscribe(id));
  const { list, is_done } = wanted;
  if (list === null) throw new Failure("conflict", "It came over no list that says how to leave it.");
  if (is_done) return DONE_BEFORE;
  if (!(await c.env.SEND_RATE.limit({ key: user_id })).success) {
    throw new Failure("rate_limited", "Too many messages in a minute. Wait before the next.");
  }
  const failure = list.one_click === null ? null : await oneClick(c, list.one_click);
  if (list.one_click !== null && failure === null) {
    const recorded = await withRules(session, (rules) => rules.recordUnsubscribed(id, null));
    return recorded === null
      ? DONE_BEFORE
      : { ...NOTHING, outcome: "unsubscribed", words: "The list says that you are off it." };
  }
  const mail = list.mailto === null ? null : readMailto(list.mailto);
  if (mail !== null) return byMail(c, id, wanted, mail);
  if (list.web === null) throw new Failure("conflict", "What it says about leaving it makes no sense.");
  const words = `Open the page to leave the list.${failure === null ? "" : ` By itself it did not work: ${failure}.`}`;
  return { ...NOTHING, outcome: "open_page", url: list.web, words };
}

const NOTHING = { url: null, submission_id: null };
const DONE_BEFORE: Answer = { ...NOTHING, outcome: "done_before", words: "The list was asked before." };

/**
 * RFC 8058 §3.1: a POST with this pair, without cookies or any other sign of who asks; a redirection is not followed.
 * Null when the list took it.
 */
async function oneClick(c: Context<ApiEnv>, address: string): Promise<string | null> {
  const answer = await publicFetch(c.env, address, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  });
  if (!answer.ok) return answer.error.reason === "unreachable" ? "it does not answer" : "its address is not of the web";
  await leaveUnread(answer.value);
  return answer.value.ok ? null : `it answers ${answer.value.status}`;
}

async function byMail(
  c: Context<ApiEnv>,
  id: MessageId,
  { sender, delivered_to }: WantedUnsubscribe,
  { to, subject, body }: UnsubscribeWords,
): Promise<Answer> {
  const {
    env,
    var: { session, user_id },
  } = c;
  // The list knows the address that it writes to, where that is this account's alone.
  const mail_from = (delivered_to && (await ownAddress(env, user_id, delivered_to))) ?? sender.email;
  const raw = new Uint8Array(
    composeMessage({
      from: { name: "", email: mail_from },
      ...{ to: [{ name: "", email: to }], cc: [], reply_to: [], subject, body, attachments: [] },
      ...{ in_reply_to: null, references: [], date: new Date(), boundary_seed: crypto.randomUUID() },
      message_id: `${crypto.randomUUID()}@${env.HOSTNAME}`,
    }),
  );
  await requireCarriable(env, [to], { mail_from, raw });
  const raw_key = await storeRaw(env, user_id, raw, Date.now());
  const recorded = await orDiscard(
    c,
    raw_key,
    withRules(session, (rules) => rules.recordUnsubscribed(id, { raw_key, mail_from, to })),
  );
  if (recorded === null) {
    await discardRaw(env, user_id, raw_key);
    return DONE_BEFORE;
  }
  return {
    ...NOTHING,
    outcome: "mail_sent",
    submission_id: recorded.submission_id,
    words: `A mail to ${to} asks for it.`,
  };
}
