/**
 * Who may use `/v1/admin`: whoever shows the admin secret, as a bearer token, or a browser that showed it to
 * `/v1/admin/session` in the last hours.
 */
import { createRoute } from "@hono/zod-openapi";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { CreateOperatorSession, OperatorSession } from "../../contract/admin.ts";
import { Failure } from "../../contract/failure.ts";
import { isOperatorCookie, OPERATOR_COOKIE, operatorCookie } from "../accounts/operator-cookie.ts";
import { limitOrigin } from "../accounts/try-password.ts";
import { type ApiEnv, body, json, noContent, problems, resource } from "./api-env.ts";
import { bearerToken, isSecret } from "./bearer.ts";
import { isSameOrigin } from "./same-origin.ts";

const wrong = () => new Failure("unauthenticated", "The admin secret is missing or wrong.");

export const authenticateOperator = createMiddleware<ApiEnv>(async (c, next) => {
  const bearer = bearerToken(c.req.raw);
  if (bearer === null) {
    if (!isOperatorCookie(c.env, getCookie(c, OPERATOR_COOKIE), Date.now())) throw wrong();
    if (!isSameOrigin(c.req.raw)) throw new Failure("forbidden", "This request comes from another site.");
  } else if (!(await isSecret(bearer, c.env.ADMIN_SECRET))) throw wrong();
  return next();
});

const cookie = { path: "/", secure: true, httpOnly: true, sameSite: "Strict" } as const;

/** The one address that is open to who has not shown the secret yet. */
export const openOperatorSession = resource();

openOperatorSession.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Show the admin secret once, for a cookie that is good for twelve hours",
    security: [],
    request: { body: body(CreateOperatorSession) },
    responses: { 201: json(OperatorSession, "The cookie is set"), ...problems },
  }),
  async (c) => {
    await limitOrigin(c.env, c.req.raw, "operator ");
    const opened = operatorCookie(c.env, Date.now());
    if (opened === null || !(await isSecret(c.req.valid("json").secret, c.env.ADMIN_SECRET))) throw wrong();
    const expires = new Date(opened.expires_at);
    setCookie(c, OPERATOR_COOKIE, opened.value, { ...cookie, expires });
    return c.json({ expires_at: expires.toISOString() }, 201);
  },
);

export const operatorSession = resource();

operatorSession.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "Whether the caller may use `/v1/admin`: 204, or 401",
    responses: noContent,
  }),
  (c) => c.body(null, 204),
);

operatorSession.openapi(
  createRoute({ method: "delete", path: "/", summary: "Give the cookie back", responses: noContent }),
  (c) => {
    deleteCookie(c, OPERATOR_COOKIE, cookie);
    return c.body(null, 204);
  },
);
