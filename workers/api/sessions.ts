/** `/v1/sessions`: logging in and out, and what is logged in. */

import { createRoute, z } from "@hono/zod-openapi";
import { deleteCookie, setCookie } from "hono/cookie";
import { Failure } from "../../contract/failure.ts";
import { CreateSession, LoginId, OpenSessions, Session } from "../../contract/sessions.ts";
import { hashPassword } from "../accounts/password.ts";
import { tryPassword } from "../accounts/try-password.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { authenticate, SESSION_COOKIE } from "./authenticate.ts";
import { withCredentials } from "./with-credentials.ts";

const cookie = { path: "/", secure: true, httpOnly: true, sameSite: "Strict" } as const;

/** Of what a client says of itself; browsers say a hundred or two. */
const MAX_USER_AGENT = 300;

export const sessions = resource();

sessions.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Log in",
    description: "Answers alike, and as fast, for an unknown account and a wrong password.",
    request: { body: body(CreateSession) },
    responses: { 201: json(Session, "The new session. Browsers get the token in a cookie as well."), ...problems },
  }),
  async (c) => {
    const { email, password } = c.req.valid("json");
    const admitted = await tryPassword(c.env, c.req.raw, email);

    // Nobody's mailbox answers like somebody's with another password.
    const mailbox = c.env.MAILBOX.getByName(admitted.user_id ?? "nobody");
    const hash = await hashPassword(password, await mailbox.passwordSalt());
    const userAgent = c.req.header("user-agent") ?? "";
    const session = await mailbox.login(hash, userAgent.slice(0, MAX_USER_AGENT));
    if (session === null) throw new Failure("unauthenticated", "The address or the password is wrong.");
    await admitted.succeeded();
    setCookie(c, SESSION_COOKIE, session.token, { ...cookie, expires: new Date(session.expires_at) });
    return c.json(session, 201);
  },
);

sessions.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "What is logged in, newest first",
    middleware: [authenticate] as const,
    responses: { 200: json(OpenSessions, "All sessions of the account"), ...problems },
  }),
  async (c) => c.json({ sessions: await withCredentials(c.var.session, (own) => own.listSessions()) }, 200),
);

sessions.openapi(
  createRoute({
    method: "delete",
    path: "/",
    summary: "Log out everywhere else; tokens for programs stay",
    middleware: [authenticate] as const,
    responses: noContent,
  }),
  async (c) => {
    await withCredentials(c.var.session, (own) => own.endOtherSessions());
    return c.body(null, 204);
  },
);

const current = createRoute({
  method: "delete",
  path: "/current",
  summary: "Log out",
  middleware: [authenticate] as const,
  responses: noContent,
});
sessions.openapi(current, async (c) => {
  await c.var.session.close();
  deleteCookie(c, SESSION_COOKIE, cookie);
  return c.body(null, 204);
});

sessions.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "End a session; what is connected by it is cut off",
    middleware: [authenticate] as const,
    request: { params: z.object({ id: LoginId }) },
    responses: noContent,
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const isCurrent = await withCredentials(c.var.session, (own) => own.endSession(id));
    if (isCurrent) deleteCookie(c, SESSION_COOKIE, cookie);
    return c.body(null, 204);
  },
);
