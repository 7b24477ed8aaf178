/** `/v1/submissions`: what became of a message that was sent. */
import { createRoute, z } from "@hono/zod-openapi";
import { SubmissionId } from "../../contract/ids.ts";
import { SendMessage } from "../../contract/messages.ts";
import { ListSubmissions, Submission, SubmissionPage, UpdateSubmission } from "../../contract/submissions.ts";
import { withinAllowance } from "../outbound/domain-allowance.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { orDiscard } from "./or-discard.ts";
import { prepareOutgoing, requireSoon } from "./sending.ts";

export const submissions = resource();

const id = z.object({ id: SubmissionId });

submissions.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "What was sent, what of it waits, and what failed; newest first",
    request: { query: ListSubmissions },
    responses: { 200: json(SubmissionPage, "One page"), ...problems },
  }),
  async (c) => c.json(await c.var.session.listSubmissions(c.req.valid("query")), 200),
);

submissions.openapi(
  createRoute({
    method: "get",
    path: "/{id}",
    summary: "The state of each recipient",
    request: { params: id },
    responses: { 200: json(Submission, "The submission"), ...problems },
  }),
  async (c) => c.json(await c.var.session.readSubmission(c.req.valid("param").id), 200),
);

submissions.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Take a message back before it leaves; it becomes a draft again",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.cancelSubmission(c.req.valid("param").id);
    return c.body(null, 204);
  },
);

submissions.openapi(
  createRoute({
    method: "patch",
    path: "/{id}",
    summary: "Let a message that has not left leave at another time, or now",
    request: { params: id, body: body(UpdateSubmission) },
    responses: { 200: json(Submission, "The submission as it is now"), ...problems },
  }),
  async (c) => {
    const { send_at } = c.req.valid("json");
    const now = Date.now();
    const sendAt = send_at === undefined ? now : requireSoon(Date.parse(send_at), now);
    return c.json(await c.var.session.reschedule(c.req.valid("param").id, sendAt), 200);
  },
);

submissions.openapi(
  createRoute({
    method: "put",
    path: "/{id}/message",
    summary: "Replace a message that has not left, its recipients and its time; the ids stay",
    request: { params: id, body: body(SendMessage) },
    responses: { 200: json(Submission, "The submission as it is now"), ...problems },
  }),
  async (c) => {
    const submissionId = c.req.valid("param").id;
    await c.var.session.requireUnsent(submissionId);
    const outgoing = await prepareOutgoing(c, c.req.valid("json"), null);
    const replace = async () => {
      return { ...(await c.var.session.replaceScheduled(submissionId, outgoing)), is_repeat: false };
    };
    return c.json(
      Submission.parse(await orDiscard(c, outgoing.raw_key, withinAllowance(c.env, outgoing, replace))),
      200,
    );
  },
);
