/** `/v1/search`: messages found by what they say and are. */
import { createRoute } from "@hono/zod-openapi";
import { SearchMessages, SearchPage } from "../../contract/search.ts";
import { json, problems, resource } from "./api-env.ts";
import { withSnippets } from "./snippets.ts";

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
    const request = c.req.valid("query");
    const { page, texts } = await c.var.session.search(request);
    return c.json(request.snippets ? { ...page, messages: withSnippets(page.messages, texts, request) } : page, 200);
  },
);
