import { join } from "node:path";
import { expect, it } from "vitest";
import { parseReceiveLimits } from "../contract/receive-limits.ts";
import { PROJECT_ROOT, readSettings, SettingsError } from "./settings.ts";

function complaints(environment: Record<string, string>): string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw error;
  }
}

it("an empty environment is the documented default", () => {
  expect(readSettings({ PATH: "/bin", HOSTNAME: "laptop" })).toEqual({
    httpPort: 8787,
    smtpPort: 2525,
    sinkPort: 1025,
    host: "127.0.0.1",
    stateFolder: join(PROJECT_ROOT, ".mailmesh"),
    hostname: "mesh.test",
    relayUrl: undefined,
    workerVariables: { SEND_LIMIT_PER_DAY: "0" },
    demoPassword: undefined,
    certificateFiles: undefined,
    authentication: { servers: [] },
    receiveLimits: parseReceiveLimits(undefined),
    verbose: false,
  });
});

it("an empty variable is an unset one", () => {
  expect(readSettings({ PORT: "", RELAY_URL: "" })).toMatchObject({ httpPort: 8787, relayUrl: undefined });
});

it("what is the Worker's is handed to it, and to nobody else", () => {
  const variables = {
    SEND_LIMIT_PER_DAY: "500",
    RETRY_DELAYS_SECONDS: "1,2",
    MX_HOSTS: "mx.a.test",
    DESTINATION_THROTTLE: "off",
    QUEUE_ALERT_RECIPIENTS: "50",
    ALERT_WEBHOOK_URL: "https://a.test/x",
  };
  expect(readSettings({ ...variables, ADMIN_SECRET: "no" }).workerVariables).toEqual(variables);
});

it("mail is authenticated unless that is switched off, by the servers that are named", () => {
  expect(readSettings({ DNS_SERVERS: "127.0.0.1:5353, [::1]:53" }).authentication).toEqual({
    servers: ["127.0.0.1:5353", "[::1]:53"],
  });
  expect(readSettings({ INBOUND_AUTHENTICATION: "off", DNS_SERVERS: "9.9.9.9" }).authentication).toBeNull();
});

it.each([
  [{ DESTINATION_THROTTLE: "maybe" }, 'DESTINATION_THROTTLE must be on or off (it is "maybe")'],
  [{ QUEUE_ALERT_AGE_SECONDS: "4h" }, 'QUEUE_ALERT_AGE_SECONDS must be a whole number (it is "4h")'],
  [{ ALERT_WEBHOOK_URL: "ftp://user:secret@a.test" }, "ALERT_WEBHOOK_URL must be a web address"],
  [{ INBOUND_AUTHENTICATION: "no" }, 'INBOUND_AUTHENTICATION must be on or off (it is "no")'],
  [
    { DNS_SERVERS: "9.9.9.9,dns.example" },
    'DNS_SERVERS must be addresses with commas between them, such as 9.9.9.9 or 127.0.0.1:5353 (it is "9.9.9.9,dns.example")',
  ],
  [
    { RECEIVE_LIMITS: "none" },
    'RECEIVE_LIMITS must be off, or numbers as in mailbox_per_minute=60,mailbox_burst=200 (it is "none")',
  ],
  [{ PORT: "http" }, 'PORT must be a whole number (it is "http")'],
  [{ SMTP_PORT: "-1" }, 'SMTP_PORT must be a whole number (it is "-1")'],
  [{ SINK_PORT: "65536" }, 'SINK_PORT must be at most 65535 (it is "65536")'],
  [{ PORT: "2525" }, "SMTP_PORT must not be the same as PORT"],
  [{ HOST: "x86_64-conda-linux-gnu" }, 'HOST must be an IP address or localhost (it is "x86_64-conda-linux-gnu")'],
  [{ MAILMESH_HOSTNAME: "a_b" }, 'MAILMESH_HOSTNAME must be a host name such as mail.example.org (it is "a_b")'],
  [
    { TLS_CERT: "/nowhere.pem", TLS_KEY: import.meta.filename },
    'TLS_CERT must name a file that can be read (it is "/nowhere.pem")',
  ],
  [{ DEMO_PASSWORD: "short" }, "DEMO_PASSWORD must have 8 to 256 characters"],
  [{ TLS_CERT: import.meta.filename }, "TLS_KEY must be set together with TLS_CERT"],
])("%o is one clear line", (environment, line) => expect(complaints(environment)).toEqual([line]));

it("every mistake is named at once", () => {
  expect(complaints({ PORT: "x", HOST: "y", RELAY_URL: "z" })).toHaveLength(3);
});

it("what may hold a password is not repeated", () => {
  const lines = complaints({ RELAY_URL: "http://user:hunter2@relay.test", DEMO_PASSWORD: "short" });
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toMatch(/hunter2|short"/);
});

it("a relay may be smtp or smtps", () => {
  expect(readSettings({ RELAY_URL: "smtps://u:p@relay.test:465" }).relayUrl).toBe("smtps://u:p@relay.test:465");
});
