/** `/v1/tokens`: named logins for programs, which last until they are deleted or expire. */
import { createRoute, z } from "@hono/zod-openapi";
import { AppTokens, CreateAppToken, LoginId, NewAppToken } from "../../contract/sessions.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { withCredentials } from "./with-credentials.ts";

export const appTokens = resource();

appTokens.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The tokens for programs, newest first",
    responses: { 200: json(AppTokens, "All of them, without what they log in with"), ...problems },
  }),
  async (c) => c.json({ tokens: await withCredentials(c.var.session, (own) => own.listTokens()) }, 200),
);

appTokens.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Make a token for a program",
    description: "It does what a session does, but for sessions, tokens and the password. It is shown this once.",
    request: { body: body(CreateAppToken) },
    responses: { 201: json(NewAppToken, "The token"), ...problems },
  }),
  async (c) => c.json(await withCredentials(c.var.session, (own) => own.createToken(c.req.valid("json"))), 201),
);

appTokens.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Delete a token; what is connected by it is cut off",
    request: { params: z.object({ id: LoginId }) },
    responses: noContent,
  }),
  async (c) => {
    await withCredentials(c.var.session, (own) => own.deleteToken(c.req.valid("param").id));
    return c.body(null, 204);
  },
);
