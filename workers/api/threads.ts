/** `/v1/threads`: messages found by conversation. */
import { createRoute, z } from "@hono/zod-openapi";
import { ThreadId } from "../../contract/ids.ts";
import { PageOfThread, Thread, UpdateThread } from "../../contract/messages.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";

export const threads = resource();

threads.openapi(
  createRoute({
    method: "get",
    path: "/{id}",
    summary: "The messages of a conversation, oldest first",
    request: { params: z.object({ id: ThreadId }), query: PageOfThread },
    responses: { 200: json(Thread, "One page"), ...problems },
  }),
  async (c) => {
    const { limit, cursor } = c.req.valid("query");
    return c.json(await c.var.session.readThread(c.req.valid("param").id, limit, cursor), 200);
  },
);

threads.openapi(
  createRoute({
    method: "patch",
    path: "/{id}",
    summary: "Mute a conversation, or hear of it again",
    request: { params: z.object({ id: ThreadId }), body: body(UpdateThread) },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.muteThread(c.req.valid("param").id, c.req.valid("json").is_muted);
    return c.body(null, 204);
  },
);
