/** The owner's rules, for the routes that are about them: given back when the request is done. */
import { createMiddleware } from "hono/factory";
import { lend } from "../lend.ts";
import type { ApiEnv } from "./api-env.ts";

export const ownersRules = createMiddleware<ApiEnv>(async (c, next) => {
  await lend(c.var.session.rules(), async (rules) => {
    c.set("rules", rules);
    await next();
  });
});
