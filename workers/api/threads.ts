/** `/v1/threads`: messages found by conversation. */
import { createRoute, z } from "@hono/zod-openapi";
import { ThreadId } from "../../contract/ids.ts";
import { PageOfThread, Thread } from "../../contract/messages.ts";
import { json, problems, resource } from "./api-env.ts";

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
