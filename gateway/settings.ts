/** The environment, read once: what can be set, its defaults, and what is wrong with it in words. */
import { Resolver } from "node:dns";
import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { Password } from "../contract/admin.ts";
import { parseReceiveLimits, type ReceiveLimits } from "../contract/receive-limits.ts";

export const PROJECT_ROOT = resolve(import.meta.dirname, "..");

const Port = z
  .string()
  .regex(/^\d{1,5}$/, "must be a whole number")
  .transform(Number)
  .refine((port) => port <= 65_535, {
    message: "must be at most 65535",
  });

/** RFC 1123 §2.1, in A-labels: it stands in greetings, Received fields and Message-IDs. */
const HostName = z
  .string()
  .max(253)
  .regex(/^(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*$/i, "must be a host name such as mail.example.org");

const RelayUrl = z.string().refine((text) => /^smtps?:$/.test(URL.parse(text)?.protocol ?? ""), {
  message: "must be smtp://[user:password@]host[:port] or smtps://…",
});

const ReadableFile = z.string().refine(isReadable, { message: "must name a file that can be read" });

/** RFC 3986 §3.2.2: an IPv6 address with a port stands in brackets. */
const DnsServers = z
  .string()
  .transform((text) => text.split(",").map((server) => server.trim()))
  .refine(areDnsServers, { message: "must be addresses with commas between them, such as 9.9.9.9 or 127.0.0.1:5353" });

const WholeNumber = z.string().regex(/^\d{1,9}$/, "must be a whole number");

const Seconds = z.string().regex(/^[1-9]\d{0,9}$/, "must be whole seconds");

/** What the Worker is given as it is: how it sends, and when its operator is alerted. See docs/sending.md. */
const WORKER_VARIABLES = {
  /** Seconds between tries of what a relay deferred, `10,60,300` say. The last one repeats. */
  RETRY_DELAYS_SECONDS: z
    .string()
    .regex(/^\d+(,\d+)*$/, "must be whole seconds with commas between them")
    .optional(),
  /** For how long it is tried, when its sender hears that it is late, and the wait after an unanswered hand-over. */
  RETRY_FOR_SECONDS: Seconds.optional(),
  DELAY_NOTICE_SECONDS: Seconds.optional(),
  UNCERTAIN_DELAY_SECONDS: Seconds.optional(),
  /** Recipients a day that an account may write to. On one machine there is no limit unless one is set. */
  SEND_LIMIT_PER_DAY: WholeNumber.default("0"),
  /** Where the world reaches this mesh, for the links in bulk mail. */
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be a web address" }).optional(),
  /** What the DNS records of domains say; see workers/accounts/domain-dns.ts. */
  MX_HOSTS: z.string().optional(),
  SPF_INCLUDE: z.string().optional(),
  /** Whom the operator's look at a domain's DNS asks; see workers/accounts/check-dns.ts. */
  DOH_URL: z.string().optional(),
  /** The virus scanner, ClamAV's daemon: see workers/inbound/scanner.ts. */
  CLAMD_ADDRESS: z
    .string()
    .regex(/^(?:\[[0-9a-f:.]+\]|[^\s:]+):\d{1,5}$/i, "must be host:port")
    .optional(),
  CLAMD_TIMEOUT_SECONDS: Seconds.optional(),
  SCANNER_REQUIRED: z.enum(["true", "false"], "must be true or false").optional(),
  MTA_STS_MODE: z.enum(["testing", "enforce", "none"], "must be testing, enforce or none").optional(),
  /** Domains whose ARC seals are believed; see workers/inbound/authenticate.ts. */
  TRUSTED_ARC_SEALERS: z
    .string()
    .regex(/^[a-z0-9.,\s-]*$/i, "must be domains with commas between them, or none")
    .optional(),
  RECEIVE_LIMITS: z
    .string()
    .refine(isReceiveLimits, "must be off, or numbers as in mailbox_per_minute=60,mailbox_burst=200")
    .optional(),
  DESTINATION_THROTTLE: z.enum(["on", "off"], "must be on or off").optional(),
  QUEUE_ALERT_RECIPIENTS: WholeNumber.optional(),
  QUEUE_ALERT_AGE_SECONDS: WholeNumber.optional(),
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: "must be a web address" }).optional(),
};

const Environment = z
  .object({
    ...WORKER_VARIABLES,
    /** HTTP. 0 takes a free port, here and below. */
    PORT: Port.default(8787),
    SMTP_PORT: Port.default(2525),
    SINK_PORT: Port.default(1025),
    /** The address that HTTP and SMTP are bound to. The sink is never seen from outside. */
    HOST: z
      .union([z.ipv4(), z.ipv6(), z.literal("localhost")], "must be an IP address or localhost")
      .default("127.0.0.1"),
    MAILMESH_STATE: z.string().default(join(PROJECT_ROOT, ".mailmesh")),
    MAILMESH_HOSTNAME: HostName.default("mesh.test"),
    RELAY_URL: RelayUrl.optional(),
    DEMO_PASSWORD: z
      .string()
      .refine(
        (text) => Password.safeParse(text).success,
        `must have ${Password.minLength} to ${Password.maxLength} characters`,
      )
      .optional(),
    TLS_CERT: ReadableFile.optional(),
    TLS_KEY: ReadableFile.optional(),
    /** `off`: nobody asks who mail is really from, and no DNS is needed. */
    INBOUND_AUTHENTICATION: z.enum(["on", "off"], "must be on or off").default("on"),
    /** Whom to ask for that; the system's resolvers without it. */
    DNS_SERVERS: DnsServers.optional(),
    /** Shows what the Worker logs below the level of a warning. */
    MAILMESH_VERBOSE: z.string().optional(),
  })
  .superRefine((env, context) => {
    const issue = (name: string, message: string) => context.addIssue({ code: "custom", path: [name], message });
    if (env.TLS_CERT !== undefined && env.TLS_KEY === undefined) issue("TLS_KEY", "must be set together with TLS_CERT");
    if (env.TLS_KEY !== undefined && env.TLS_CERT === undefined) issue("TLS_CERT", "must be set together with TLS_KEY");
    const taken = new Map<number, string>();
    for (const name of ["PORT", "SMTP_PORT", "SINK_PORT"] as const) {
      const other = taken.get(env[name]);
      if (other !== undefined && env[name] !== 0) issue(name, `must not be the same as ${other}`);
      taken.set(env[name], name);
    }
  });

export interface Settings {
  httpPort: number;
  smtpPort: number;
  sinkPort: number;
  host: string;
  stateFolder: string;
  hostname: string;
  relayUrl: string | undefined;
  /** As the Worker takes them. */
  workerVariables: Record<string, string>;
  demoPassword: string | undefined;
  certificateFiles: { cert: string; key: string } | undefined;
  /** The DNS servers to ask who mail is from, none of them for the system's; null where nobody asks. */
  authentication: { servers: string[] } | null;
  /** How fast mail may come in; null for as fast as it comes. */
  receiveLimits: ReceiveLimits | null;
  verbose: boolean;
}

/** Each line names the variable, what it must be and what it was. Secrets are not repeated. */
export class SettingsError extends Error {
  readonly lines: string[];

  constructor(lines: string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

export function readSettings(environment: Record<string, string | undefined>): Settings {
  // `PORT= npm start` means the default, as if it were not set.
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(present);
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map((issue) => lineFor(issue, present)));
  const env = parsed.data;
  return {
    httpPort: env.PORT,
    smtpPort: env.SMTP_PORT,
    sinkPort: env.SINK_PORT,
    host: env.HOST === "localhost" ? "127.0.0.1" : env.HOST,
    stateFolder: resolve(env.MAILMESH_STATE),
    hostname: env.MAILMESH_HOSTNAME.toLowerCase(),
    relayUrl: env.RELAY_URL,
    workerVariables: definedOnly(z.object(WORKER_VARIABLES).parse(env)),
    demoPassword: env.DEMO_PASSWORD,
    certificateFiles:
      env.TLS_CERT === undefined || env.TLS_KEY === undefined ? undefined : { cert: env.TLS_CERT, key: env.TLS_KEY },
    authentication: env.INBOUND_AUTHENTICATION === "off" ? null : { servers: env.DNS_SERVERS ?? [] },
    receiveLimits: parseReceiveLimits(env.RECEIVE_LIMITS),
    verbose: env.MAILMESH_VERBOSE !== undefined && env.MAILMESH_VERBOSE !== "0",
  };
}

function definedOnly(variables: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(variables);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Values of these may hold a password. */
const SECRET = new Set(["DEMO_PASSWORD", "RELAY_URL", "ALERT_WEBHOOK_URL"]);

function lineFor(issue: z.core.$ZodIssue, environment: Record<string, string | undefined>): string {
  const name = String(issue.path[0] ?? "environment");
  const value = environment[name];
  const shown = value === undefined || SECRET.has(name) ? "" : ` (it is ${JSON.stringify(value)})`;
  return `${name} ${issue.message}${shown}`;
}

function areDnsServers(servers: string[]): boolean {
  try {
    new Resolver().setServers(servers);
    return servers.length > 0;
  } catch {
    return false;
  }
}

function isReceiveLimits(text: string): boolean {
  try {
    parseReceiveLimits(text);
    return true;
  } catch {
    return false;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
