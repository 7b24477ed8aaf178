/** `/v1/suppressions`: addresses that mail is not sent to without asking, and why. */
import { createRoute, z } from "@hono/zod-openapi";
import { ListSuppressions, SuppressionPage } from "../../contract/suppressions.ts";
import { json, noContent, problems, resource } from "./api-env.ts";

export const suppressions = resource();

suppressions.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "Addresses that bounced for good, complained or unsubscribed",
    request: { query: ListSuppressions },
    responses: { 200: json(SuppressionPage, "A page, by address"), ...problems },
  }),
  async (c) => c.json(await c.var.session.listSuppressions(c.req.valid("query")), 200),
);

suppressions.openapi(
  createRoute({
    method: "delete",
    path: "/{email}",
    summary: "Take an address off the list",
    request: { params: z.object({ email: z.string().min(1).max(1000) }) },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.deleteSuppression(c.req.valid("param").email);
    return c.body(null, 204);
  },
);
