/** The Worker's bindings: see wrangler.toml. Secrets are set with `wrangler secret put`, or by the launcher. */
import type { ObjectEnv } from "../durable-objects/env.ts";

export interface Env extends ObjectEnv {
  ASSETS: Fetcher;
  EMAIL: SendEmail;
  /** Events come onto this queue from Cloudflare; only a dead letter is put on it again from here. */
  EMAIL_EVENTS: Queue;
  /** A network that reaches public addresses only, where a Worker's own reaches others too: see outside/public-fetch.ts. */
  OUTSIDE?: Fetcher;
  LOGIN_RATE: RateLimit;
  SEND_RATE: RateLimit;
  IMAGE_RATE: RateLimit;
  /** The name this mesh gives itself in Received fields, EHLO and Message-IDs. */
  HOSTNAME: string;
  /** Where this Worker answers HTTP, for links in mail; `https://` and HOSTNAME without it. */
  PUBLIC_URL?: string;
  ADMIN_SECRET?: string;
  INGEST_SECRET?: string;
  /** `smtp://user:password@host:587`; without it mail leaves through EMAIL. */
  RELAY_URL?: string;
  /** Counters of what became of mail. Not every runtime has it. */
  METRICS?: AnalyticsEngineDataset;
  /** `off`: the relay paces itself, and nothing here holds mail back. */
  DESTINATION_THROTTLE?: string;
  /** When the queue is too large or too old: see queues/alerts.ts. */
  QUEUE_ALERT_RECIPIENTS?: string;
  QUEUE_ALERT_AGE_SECONDS?: string;
  /** Where alerts are sent as JSON, besides the log. */
  ALERT_WEBHOOK_URL?: string;
  /** Names of the servers that take this mesh's mail, where they are not Cloudflare's; see accounts/domain-dns.ts. */
  MX_HOSTS?: string;
  /** What the relay asks to include in the SPF record. */
  SPF_INCLUDE?: string;
  /** Whom the operator's look at a domain's DNS asks (RFC 8484); Cloudflare without it. */
  DOH_URL?: string;
  /** ClamAV's daemon, `host:port`, that scans what comes in; see inbound/scanner.ts. */
  CLAMD_ADDRESS?: string;
  CLAMD_TIMEOUT_SECONDS?: string;
  /** `true`: what could not be scanned waits with its sender. Else it is delivered, and marked. */
  SCANNER_REQUIRED?: string;
  /** Domains whose ARC seals are believed, with commas between them; see inbound/authenticate.ts. */
  TRUSTED_ARC_SEALERS?: string;
  /** `testing` (the default), `enforce` or `none`. */
  MTA_STS_MODE?: string;
  /** `local` on one machine: there is no edge in front that says where a request came from. */
  DEPLOYMENT?: "local";
}
