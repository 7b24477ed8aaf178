/**
 * What the operator's pages show in the screenshots: a domain whose DNS lacks a record, and mail that waits for servers
 * which put it off. The service is minutes old, so its week is made up, as are jobs that died.
 */
import type { Page } from "playwright-core";
import { DnsRecords } from "../../contract/dns.ts";
import { QUEUE_HISTORY_DAYS, QUEUE_POINT_SECONDS, type QueueHistory, QueueView } from "../../contract/operator.ts";
import { SECRETS_FILE, Secrets, StateFolder } from "../../gateway/state.ts";
import type { FakeDoh } from "../../gateway/testing/fake-doh.ts";
import type { Relay } from "../support/relay.ts";
import { call, eventually, logIn, PASSWORD, type Service } from "../support/service.ts";

export const DOMAIN = "river.example";
const HOUR = 3_600_000;

/** What servers elsewhere answer, as such servers do. */
const ANSWERS: Record<string, string> = {
  "far.example": "4.7.1 Greylisted, please come back in five minutes",
  "full.example": "4.2.2 The mailbox is full",
  "slow.example": "4.3.2 System not accepting messages, try again later",
};
const WAITING: [to: string, subject: string][] = [
  ["zoe@far.example", "Start list for Sunday"],
  ["crew@far.example", "Start list for Sunday"],
  ["ben@full.example", "Two boats are left"],
  ["office@slow.example", "Mooring in spring"],
];
const ACCOUNTS = [
  ["ines", "Ines Carvalho"],
  ["jonas", "Jonas Reuter"],
  ["mei", "Mei Tanaka"],
] as const;

export function putOff(relay: Relay): void {
  relay.refuse = (recipient) => {
    const text = ANSWERS[recipient.split("@")[1] ?? ""];
    return text === undefined ? null : { code: 451, text };
  };
}

/** Returns the secret that lets in. */
export async function setUp(service: Service, doh: FakeDoh): Promise<string> {
  const secret = (await new StateFolder(service.state).read(SECRETS_FILE, Secrets))?.admin_secret ?? "";
  const admin = (method: string, path: string, body?: unknown) =>
    call(service, method, `/v1/admin${path}`, { token: secret, body });
  await admin("POST", "/domains", { name: DOMAIN });
  for (const [local, name] of ACCOUNTS) {
    await admin("POST", "/accounts", { email: `${local}@${DOMAIN}`, name, password: PASSWORD });
  }
  await admin("PUT", `/aliases/${encodeURIComponent(`office@${DOMAIN}`)}`, { targets: [`ines@${DOMAIN}`] });
  await admin("PUT", `/aliases/${encodeURIComponent(`crew@${DOMAIN}`)}`, {
    targets: [`jonas@${DOMAIN}`, `mei@${DOMAIN}`],
  });
  const { records } = (await admin("GET", `/domains/${DOMAIN}/dns`)).json(DnsRecords);
  const isSet = records.filter(({ purpose }) => purpose !== "dmarc");
  doh.zone.TXT = Object.fromEntries(
    isSet.flatMap(({ type, name, value }) => (type === "TXT" ? [[name, [value]]] : [])),
  );
  const hosts = isSet.flatMap(({ type, value }) => (type === "MX" ? [value] : []));
  doh.zone.MX = { [DOMAIN]: hosts };
  doh.zone.A = Object.fromEntries(hosts.map((host) => [host, ["192.0.2.1"]]));

  const { token } = await logIn(service, "alice@mesh.test");
  for (const [email, subject] of WAITING) {
    const body = { to: [{ email }], subject, body: "See you there.", undo_seconds: 0 };
    await call(service, "POST", "/v1/messages", { token, body });
  }
  await eventually(async () => {
    const { totals } = (await admin("GET", "/queue")).json(QueueView);
    return totals.recipients === WAITING.length;
  }, 30);
  return secret;
}

/** A quiet week with a bad afternoon in it, when a large server took nothing for five hours. */
function week(now: number): QueueHistory {
  const points = Array.from({ length: (QUEUE_HISTORY_DAYS * 86_400) / QUEUE_POINT_SECONDS }, (_, n) => {
    const at = now - QUEUE_HISTORY_DAYS * 24 * HOUR + n * QUEUE_POINT_SECONDS * 1000;
    const hour = new Date(at).getUTCHours();
    const isBad = Math.abs(at - (now - 60 * HOUR)) < 2.5 * HOUR;
    const since = (at - (now - 62.5 * HOUR)) / HOUR;
    const wave = Math.sin(n / 9) + Math.sin(n / 4) + Math.sin(n / 23);
    const usual = Math.max(0, Math.round((hour > 6 && hour < 20 ? 4 : 1) + wave));
    const recipients = isBad ? Math.round(usual + 22 * Math.sin((since / 5) * Math.PI)) : usual;
    const oldest_seconds = isBad ? Math.round(since * 3600) : usual * 180;
    return { at: new Date(at).toISOString(), submissions: Math.ceil(recipients * 0.8), recipients, oldest_seconds };
  });
  return { interval_seconds: QUEUE_POINT_SECONDS, points };
}

const deadLetters = (now: number) => [
  {
    ...{ id: "dl_1", queue: "mailmesh-outbound", died_at: new Date(now - 31 * HOUR).toISOString() },
    reason: "The relay closed the connection before it answered.",
    body: { kind: "send", submission_id: "sub_8fK2", domain: DOMAIN },
  },
];

/** What the service cannot have yet is put in on the way to the page. */
export async function ageTheQueue(page: Page): Promise<void> {
  const now = Date.now();
  await page.route("**/v1/admin/queue-history**", (route) => route.fulfill({ json: week(now) }));
  await page.route("**/v1/admin/dead-letters", (route) => route.fulfill({ json: { dead_letters: deadLetters(now) } }));
  await page.route("**/v1/admin/queue", async (route) => {
    const response = await route.fetch();
    const view = QueueView.parse(await response.json());
    const oldest_at = new Date(now - 3.2 * HOUR).toISOString();
    await route.fulfill({ response, json: { ...view, totals: { ...view.totals, oldest_at }, dead_letters: 1 } });
  });
}
