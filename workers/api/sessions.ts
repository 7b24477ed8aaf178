/** `/v1/sessions`: logging in and out. */

import { createRoute } from "@hono/zod-openapi";
import { deleteCookie, setCookie } from "hono/cookie";
import { Failure } from "../../contract/failure.ts";
import { CreateSession, Session } from "../../contract/sessions.ts";
import { canonicalLocalPart, parseAddress } from "../../mail/address/address.ts";
import { sourceOf } from "../../mail/address/source.ts";
import { hashPassword } from "../accounts/password.ts";
import type { Env } from "../env.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { authenticate, SESSION_COOKIE } from "./authenticate.ts";

const cookie = { path: "/", secure: true, httpOnly: true, sameSite: "Strict" } as const;

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
    const origin = originOf(c.req.raw, c.env);
    const limited = await c.env.LOGIN_RATE.limit({ key: origin });
    if (!limited.success) throw tooMany(60);

    // A name that cannot be an address goes the same way as one that is nobody's.
    const parsed = parseAddress(email.trim());
    const localPart = parsed.ok ? canonicalLocalPart(parsed.value.local_part) : "";
    const domain = c.env.DOMAIN.getByName((parsed.ok && parsed.value.domain) || "nowhere.invalid");
    const admission = await domain.admitLogin(localPart, origin, Date.now());
    if (!admission.admitted) throw tooMany(admission.retry_after_seconds);

    // Nobody's mailbox answers like somebody's with another password.
    const mailbox = c.env.MAILBOX.getByName(admission.user_id ?? "nobody");
    const hash = await hashPassword(password, await mailbox.passwordSalt());
    const session = await mailbox.login(hash);
    if (session === null) throw new Failure("unauthenticated", "The address or the password is wrong.");
    await domain.recordLogin(localPart, origin, Date.now());
    setCookie(c, SESSION_COOKIE, session.token, { ...cookie, expires: new Date(session.expires_at) });
    return c.json(session, 201);
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

const tooMany = (seconds: number) => new Failure("rate_limited", "Too many tries. Wait before the next.", [], seconds);

/** Only Cloudflare's edge may say where a request came from; on one machine the header is anybody's. */
function originOf(request: Request, env: Env): string {
  if (env.DEPLOYMENT === "local") return "local";
  return sourceOf(request.headers.get("cf-connecting-ip") ?? "unknown");
}
