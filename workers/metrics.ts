/**
 * `GET /metrics`: Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4),
 * for whoever holds the admin secret. The number of series is bounded: the destinations that came first have their own,
 * all others are `other` together. Analytics Engine has every one.
 */
import { Hono } from "hono";
import { CountedResult, DIRECTORY } from "../contract/operator.ts";
import type { Series } from "../durable-objects/directory/entries.ts";
import { bearerToken, isSecret } from "./api/bearer.ts";
import { handleError, problem } from "./api/problem.ts";
import type { Env } from "./env.ts";
import { countDeadLetters } from "./queues/dead-letters.ts";

/** Destinations with series of their own. */
const NAMED_DESTINATIONS = 200;
const OTHERS = "other";

export const metrics = new Hono<{ Bindings: Env }>();

metrics.onError(handleError);
metrics.get("/", async (c) => {
  if (!(await isSecret(bearerToken(c.req.raw), c.env.ADMIN_SECRET))) {
    return problem({ reason: "unauthenticated", detail: "The admin secret is missing or wrong." });
  }
  const directory = c.env.DIRECTORY.getByName(DIRECTORY);
  const [series, totals, deadLetters] = await Promise.all([
    directory.series(NAMED_DESTINATIONS),
    directory.totals(),
    countDeadLetters(c.env),
  ]);
  const now = Date.now();
  const text = [
    recipientsTotal(series),
    queueRecipients(series, totals.recipients),
    queueAges(series, totals.oldest_at, now),
    gauge("mailmesh_dead_letters", "Queue messages that could not be processed, up to a thousand.", [
      [{}, deadLetters],
    ]),
  ].join("");
  return c.body(text, 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" });
});

function recipientsTotal({ counters, others }: Series): string {
  const all = [...counters, { name: OTHERS, counters: others }];
  const samples = all.flatMap(({ name, counters: counts }) =>
    CountedResult.options.flatMap((result): Sample[] => {
      const recipients = counts[result];
      return recipients === undefined ? [] : [[{ destination: name, result }, recipients]];
    }),
  );
  return family("mailmesh_recipients_total", "counter", "Recipients by what became of them.", samples);
}

/** `other` is what is left of all, so that the sum is right whatever is listed. */
function queueRecipients({ waiting }: Series, all: number): string {
  const named = waiting.map(({ name, recipients }): Sample => [{ destination: name }, recipients]);
  const listed = waiting.reduce((sum, { recipients }) => sum + recipients, 0);
  const rest: Sample = [{ destination: OTHERS }, Math.max(0, all - listed)];
  return gauge("mailmesh_queue_recipients", "Recipients that wait for a destination.", [...named, rest]);
}

function queueAges({ waiting }: Series, oldestAt: number | null, now: number): string {
  const age = (since: number | null) => (since === null ? 0 : Math.max(0, Math.floor((now - since) / 1_000)));
  const named = waiting.map(({ name, oldest_at }): Sample => [{ destination: name }, age(oldest_at)]);
  return (
    gauge("mailmesh_queue_oldest_seconds", "How long the oldest mail for a destination waits.", named) +
    gauge("mailmesh_queue_oldest_of_all_seconds", "How long the oldest mail waits.", [[{}, age(oldestAt)]])
  );
}

type Sample = [labels: Record<string, string>, value: number];

const gauge = (name: string, help: string, samples: Sample[]): string => family(name, "gauge", help, samples);

function family(name: string, type: "counter" | "gauge", help: string, samples: Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelled(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelled(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
