/** HTTP: the API, the door for mail, metrics, and the web client's files for everything else. */
import { Hono } from "hono";
import { api } from "./api/api.ts";
import type { Env } from "./env.ts";
import { ingest } from "./inbound/ingest-door.ts";
import { metrics } from "./metrics.ts";
import { mtaSts } from "./mta-sts-door.ts";
import { unsubscribe } from "./unsubscribe/unsubscribe-door.ts";

export const routeHttp = new Hono<{ Bindings: Env }>()
  // The least that a request can cost here: what benches compare with, and what a monitor asks.
  .get("/ping", (c) => c.text("pong"))
  .route("/ingest", ingest)
  .route("/unsubscribe", unsubscribe)
  .route("/v1", api)
  .route("/metrics", metrics)
  .route("/.well-known/mta-sts.txt", mtaSts)
  .all("*", (c) => c.env.ASSETS.fetch(c.req.raw));
