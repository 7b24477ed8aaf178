/** `/v1/quota`: room, and what takes it. */
import { createRoute } from "@hono/zod-openapi";
import { Quota } from "../../contract/quota.ts";
import { json, problems, resource } from "./api-env.ts";

export const quota = resource();

quota.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "How much room there is, and what takes it: by folder, year and type of attachment",
    responses: { 200: json(Quota, "The quota"), ...problems },
  }),
  async (c) => c.json(await c.var.session.quota(), 200),
);
