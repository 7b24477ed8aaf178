/** `/v1/changes` and `/v1/events`: what happened, by long poll and by WebSocket. */
import { createRoute } from "@hono/zod-openapi";
import { Changes, GetChanges } from "../../contract/changes.ts";
import { Failure } from "../../contract/failure.ts";
import { json, problems, resource } from "./api-env.ts";
import { issuesOf } from "./problem.ts";

export const changes = resource();

changes.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "Ids of what was created, changed and destroyed since a state",
    request: { query: GetChanges },
    responses: { 200: json(Changes, "The changes"), ...problems },
  }),
  async (c) => {
    const { since, wait } = c.req.valid("query");
    const from = since ?? (await c.var.session.state());
    return c.json(await c.var.session.changes(Number(from), wait), 200);
  },
);

export const events = resource();

const socket = createRoute({
  method: "get",
  path: "/",
  summary: "A WebSocket that pushes changes as they happen",
  request: { query: GetChanges.pick({ since: true }) },
  responses: { 101: { description: "The socket: JSON events as in LiveEvent" }, ...problems },
});
events.openAPIRegistry.registerPath(socket);

events.get("/", (c) => {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    throw new Failure("bad_request", "This is a WebSocket: ask for an upgrade.");
  }
  const query = GetChanges.pick({ since: true }).safeParse(c.req.query());
  if (!query.success) throw new Failure("bad_request", "The state is not valid.", issuesOf(query.error, "query"));
  const { since } = query.data;
  const url = new URL("https://mailbox/events");
  url.searchParams.set("session", c.var.secret_hash);
  if (since !== undefined) url.searchParams.set("since", since);
  return c.env.MAILBOX.getByName(c.var.user_id).fetch(new Request(url, c.req.raw));
});
