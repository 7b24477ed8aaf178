/** `/v1/submissions`: what became of a message that was sent. */
import { createRoute, z } from "@hono/zod-openapi";
import { SubmissionId } from "../../contract/ids.ts";
import { Submission } from "../../contract/submissions.ts";
import { json, noContent, problems, resource } from "./api-env.ts";

export const submissions = resource();

const id = z.object({ id: SubmissionId });

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
