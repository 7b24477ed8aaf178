/**
 * `/unsubscribe/{token}`, without a login: the token is the permission. POST unsubscribes; GET, which scanners of links
 * and previews of mail call by themselves, only asks (RFC 8058 §3.1).
 */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { parseUnsubscribePath, type UnsubscribeToken } from "../../contract/unsubscribe.ts";
import type { Env } from "../env.ts";
import { askPage, donePage, nothingPage, page, wrongRequestPage } from "./pages.ts";

/** A form with one field, in either of its encodings (RFC 8058 §3.2). */
const MAX_BODY_BYTES = 4096;

export const unsubscribe = new Hono<{ Bindings: Env }>()
  .use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => page(413, wrongRequestPage) }))
  .get("/:token", async (c) => {
    const token = parseUnsubscribePath(c.req.param("token"));
    const found = token && (await mailboxOf(c.env, token).findSubscriber(token));
    return found === null ? page(404, nothingPage) : page(200, askPage(found.from, found.email));
  })
  .post("/:token", async (c) => {
    const token = parseUnsubscribePath(c.req.param("token"));
    if (token === null) return page(404, nothingPage);
    const form = await c.req.parseBody().catch(() => ({}));
    // RFC 8058 §3.2: the one pair that says that a person wants this.
    if (!("List-Unsubscribe" in form) || form["List-Unsubscribe"] !== "One-Click") return page(400, wrongRequestPage);
    const done = await mailboxOf(c.env, token).unsubscribe(token);
    return done === null ? page(404, nothingPage) : page(200, donePage(done.from, done.email));
  })
  .all("*", () => page(404, nothingPage));

const mailboxOf = (env: Env, { user_id }: UnsubscribeToken) => env.MAILBOX.getByName(user_id);
