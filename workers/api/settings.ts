/** `/v1/settings`: what the owner of a mailbox can choose. */
import { createRoute } from "@hono/zod-openapi";
import { Settings, UpdateSettings } from "../../contract/settings.ts";
import { body, json, problems, resource } from "./api-env.ts";

export const settings = resource();

settings.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The settings",
    responses: { 200: json(Settings, "The settings"), ...problems },
  }),
  async (c) => c.json(await c.var.session.settings(), 200),
);

settings.openapi(
  createRoute({
    method: "patch",
    path: "/",
    summary: "Change settings",
    request: { body: body(UpdateSettings) },
    responses: { 200: json(Settings, "The settings as they are now"), ...problems },
  }),
  async (c) => c.json(await c.var.session.updateSettings(c.req.valid("json")), 200),
);
