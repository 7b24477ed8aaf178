/**
 * `/v1/search`: messages found by what they say and are. A query stands in the address, or in the body: whoever keeps a
 * log of addresses (Workers Logs does) then has nothing of what is searched for.
 */
import { createRoute } from "@hono/zod-openapi";
import { SearchMessages, SearchPage } from "../../contract/search.ts";
import { body, type CallerSession, json, problems, resource } from "./api-env.ts";
import { withSnippets } from "./snippets.ts";

export const search = resource();

const described = {
  path: "/",
  description: "Every string is a query. What looks like an operator but is not one is searched as words and named.",
  responses: { 200: json(SearchPage, "One page"), ...problems },
} as const;

search.openapi(
  createRoute({ method: "get", summary: "Search, newest first", request: { query: SearchMessages }, ...described }),
  async (c) => c.json(await found(c.var.session, c.req.valid("query")), 200),
);

search.openapi(
  createRoute({
    method: "post",
    summary: "The same, with the query in the body and not in an address",
    request: { body: body(SearchMessages) },
    ...described,
  }),
  async (c) => c.json(await found(c.var.session, c.req.valid("json")), 200),
);

async function found(session: CallerSession, request: SearchMessages): Promise<SearchPage> {
  const { page, texts } = await session.search(request);
  return request.snippets ? { ...page, messages: withSnippets(page.messages, texts, request) } : page;
}
