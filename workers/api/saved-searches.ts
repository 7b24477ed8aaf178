/** `/v1/searches`: searches that are kept; `/v1/suggestions`: what a search box offers. */
import { createRoute, z } from "@hono/zod-openapi";
import { SavedSearch, SavedSearchId, SaveSearch, SuggestFor, Suggestions } from "../../contract/saved-searches.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";

export const searches = resource();

searches.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "Searches with a name, then the last ones that were remembered",
    responses: { 200: json(z.object({ searches: z.array(SavedSearch) }), "All of them"), ...problems },
  }),
  async (c) => c.json({ searches: await c.var.session.listSearches() }, 200),
);

searches.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Keep a search by name, or remember it as one that was made",
    request: { body: body(SaveSearch) },
    responses: { 201: json(SavedSearch, "The search"), ...problems },
  }),
  async (c) => c.json(await c.var.session.saveSearch(c.req.valid("json")), 201),
);

searches.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Forget a search",
    request: { params: z.object({ id: SavedSearchId }) },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.deleteSearch(c.req.valid("param").id);
    return c.body(null, 204);
  },
);

export const suggestions = resource();

const suggested = { path: "/", responses: { 200: json(Suggestions, "A few of each"), ...problems } } as const;

suggestions.openapi(
  createRoute({
    method: "get",
    summary: "People, folders and searches that begin with what is being typed",
    request: { query: SuggestFor },
    ...suggested,
  }),
  async (c) => c.json(await c.var.session.suggest(c.req.valid("query").q), 200),
);

suggestions.openapi(
  createRoute({
    method: "post",
    summary: "The same, with what is typed in the body and not in an address",
    request: { body: body(SuggestFor) },
    ...suggested,
  }),
  async (c) => c.json(await c.var.session.suggest(c.req.valid("json").q), 200),
);
