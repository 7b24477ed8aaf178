/** `/v1/threads` and `/v1/search`: messages found by conversation or by content. */
import { createRoute, z } from "@hono/zod-openapi";
import { ThreadId } from "../../contract/ids.ts";
import { PageOfThread, SearchMessages, SearchPage, Thread, UpdateThread } from "../../contract/messages.ts";
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

export const search = resource();

search.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "Search, newest first",
    description: "Every string is a query. What looks like an operator but is not one is searched as words and named.",
    request: { query: SearchMessages },
    responses: { 200: json(SearchPage, "One page"), ...problems },
  }),
  async (c) => {
    const { q, limit, cursor } = c.req.valid("query");
    return c.json(await c.var.session.search(q, limit, cursor), 200);
  },
);
