/** `https://mta-sts.DOMAIN/.well-known/mta-sts.txt` for each domain of this mesh (RFC 8461 §3.3). */
import { Hono } from "hono";
import { policyOf } from "./accounts/domain-dns.ts";
import { handleError } from "./api/problem.ts";
import type { Env } from "./env.ts";

export const mtaSts = new Hono<{ Bindings: Env }>().get("/", async (c) =>
  c.text(await policyOf(c.env, new URL(c.req.url).hostname), 200, { "cache-control": "max-age=300" }),
);
mtaSts.onError(handleError);
