/**
 * Alerts about mail that waits: looked for each minute, raised once, cleared once. Each is a log line that begins with
 * `alert` and a stable code, and where ALERT_WEBHOOK_URL is set a POST of JSON to it, tried each minute until it succeeds.
 * What was seen is kept for the operator's chart.
 */
import { DIRECTORY } from "../../contract/operator.ts";
import type { Alert, Condition } from "../../durable-objects/directory/alerts.ts";
import type { QueueTotals } from "../../durable-objects/directory/entries.ts";
import type { Env } from "../env.ts";
import { leaveUnread } from "../outside/public-fetch.ts";
import { backlog } from "./backlog.ts";
import { countDeadLetters } from "./dead-letters.ts";

const RECIPIENTS_LIMIT = 1_000;
const AGE_LIMIT_SECONDS = 4 * 3_600;
const WEBHOOK_TIMEOUT_MS = 10_000;

export async function checkAlerts(env: Env, now: number): Promise<void> {
  const directory = env.DIRECTORY.getByName(DIRECTORY);
  const [totals, deadLetters, onQueue] = await Promise.all([
    directory.totals(),
    countDeadLetters(env),
    backlog(env.OUTBOUND),
  ]);
  // Where no consumer comes, nobody says what waits: only the queue itself knows.
  const ages = [totals.oldest_at ?? now, Date.parse(onQueue?.oldest_at ?? "") || now];
  const age = Math.floor((now - Math.min(...ages)) / 1_000);
  const { submissions, recipients } = totals;
  const [{ changed, untold }] = await Promise.all([
    directory.weigh(conditionsOf(env, totals, deadLetters, age), now),
    directory.notePoint({ submissions, recipients, oldest_seconds: Math.max(0, age) }, now),
  ]);
  for (const alert of changed) logAlert(alert);
  const told = await Promise.all(untold.map((alert) => tellWebhook(env, alert)));
  await directory.markTold(untold.filter((_, n) => told[n]));
}

function conditionsOf(env: Env, totals: QueueTotals, deadLetters: number, age: number): Condition[] {
  const { recipients, destinations } = totals;
  const ageLimit = limitOf(env.QUEUE_ALERT_AGE_SECONDS, AGE_LIMIT_SECONDS);
  return [
    {
      code: "MM-QUEUE-SIZE",
      is_raised: recipients > limitOf(env.QUEUE_ALERT_RECIPIENTS, RECIPIENTS_LIMIT),
      text: `${recipients} recipients wait, at ${destinations} destinations`,
    },
    {
      code: "MM-QUEUE-AGE",
      is_raised: age > ageLimit,
      text: `the oldest mail waits since ${age} seconds`,
    },
    { code: "MM-DEAD-LETTERS", is_raised: deadLetters > 0, text: `${deadLetters} dead letters` },
  ];
}

/** What is not a number is no limit of anybody's. */
function limitOf(setting: string | undefined, otherwise: number): number {
  const given = setting === undefined || setting.trim() === "" ? Number.NaN : Number(setting);
  return Number.isFinite(given) && given >= 0 ? given : otherwise;
}

function logAlert({ code, is_raised, text }: Alert): void {
  if (is_raised) console.error(`alert ${code} raised: ${text}`);
  else console.warn(`alert ${code} cleared: ${text}`);
}

/** True: somebody knows, or nobody wants to. */
async function tellWebhook(env: Env, { code, is_raised, text, changed_at }: Alert): Promise<boolean> {
  const url = env.ALERT_WEBHOOK_URL ?? "";
  if (url === "") return true;
  const state = is_raised ? "raised" : "cleared";
  const body = { code, state, text, since: new Date(changed_at).toISOString(), mesh: env.HOSTNAME };
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    });
    await leaveUnread(answer);
    if (answer.ok) return true;
    console.error("the alert webhook refuses, it is tried again", { code, status: answer.status });
  } catch (error) {
    // Not the error as it is: it may quote the address, which may hold a secret.
    const reason = error instanceof Error ? error.name : "unknown";
    console.error("the alert webhook does not answer, it is tried again", { code, reason });
  }
  return false;
}
