/** `/v1/sending`: how much may still leave today, and whether anything may. */
import { createRoute } from "@hono/zod-openapi";
import { Sending } from "../../contract/sending.ts";
import { json, problems, resource } from "./api-env.ts";

export const accountSending = resource();

accountSending.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The limit of today, what is used of it, and why the account is stopped if it is",
    responses: { 200: json(Sending, "How the account may send"), ...problems },
  }),
  async (c) => c.json(await c.var.session.sending(), 200),
);
