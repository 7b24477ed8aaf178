/** `/v1/messages/{id}/spam`: why a message is in junk, or is not. */
import { createRoute, z } from "@hono/zod-openapi";
import { MessageId } from "../../contract/ids.ts";
import { SpamVerdict } from "../../contract/spam.ts";
import { json, problems, resource } from "./api-env.ts";

export const messageSpam = resource();

messageSpam.openapi(
  createRoute({
    method: "get",
    path: "/{id}/spam",
    summary: "How much a message looked like spam when it came, and why",
    request: { params: z.object({ id: MessageId }) },
    responses: { 200: json(SpamVerdict, "The score and its tests"), ...problems },
  }),
  async (c) => c.json(await c.var.session.rules().spamVerdict(c.req.valid("param").id), 200),
);
