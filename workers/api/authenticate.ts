/** Who is calling: a bearer token, or the cookie that a browser was given. */
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { ACCOUNT_HEADER } from "../../contract/account-header.ts";
import { sha256, splitToken } from "../../contract/sessions.ts";
import { lend } from "../lend.ts";
import type { ApiEnv } from "./api-env.ts";
import { bearerToken } from "./bearer.ts";
import { problem } from "./problem.ts";
import { isSameOrigin } from "./same-origin.ts";

/** `__Host-`: only this host, only over TLS (or on localhost), not readable by scripts. */
export const SESSION_COOKIE = "__Host-mailmesh";

export const authenticate = createMiddleware<ApiEnv>(async (c, next) => {
  const bearer = bearerToken(c.req.raw);
  const token = bearer ?? getCookie(c, SESSION_COOKIE);
  const parts = token === undefined ? null : splitToken(token);
  if (parts === null) return problem({ reason: "unauthenticated", detail: "A session's token is needed." });
  if (bearer === null && !isSameOrigin(c.req.raw)) {
    return problem({ reason: "forbidden", detail: "This request comes from another site." });
  }
  if ((c.req.header(ACCOUNT_HEADER) ?? parts.user_id) !== parts.user_id) {
    return problem({ reason: "unauthenticated", detail: "Somebody else is logged in by now." });
  }
  const secretHash = await sha256(parts.secret);
  c.set("user_id", parts.user_id);
  c.set("secret_hash", secretHash);
  await lend(c.env.MAILBOX.getByName(parts.user_id).session(secretHash), async (session) => {
    c.set("session", session);
    await next();
  });
});
