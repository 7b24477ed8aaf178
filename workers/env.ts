/** The Worker's bindings: see wrangler.toml. Secrets are set with `wrangler secret put`, or by the launcher. */
import type { ObjectEnv } from "../durable-objects/env.ts";

export interface Env extends ObjectEnv {
  ASSETS: Fetcher;
  EMAIL: SendEmail;
  LOGIN_RATE: RateLimit;
  SEND_RATE: RateLimit;
  /** The name this mesh gives itself in Received fields, EHLO and Message-IDs. */
  HOSTNAME: string;
  /** Where this Worker answers HTTP, for links in mail; `https://` and HOSTNAME without it. */
  PUBLIC_URL?: string;
  ADMIN_SECRET?: string;
  INGEST_SECRET?: string;
  /** `smtp://user:password@host:587`; without it mail leaves through EMAIL. */
  RELAY_URL?: string;
  /** `local` on one machine: there is no edge in front that says where a request came from. */
  DEPLOYMENT?: "local";
}
