/** `queue`, `queue-retry`, `queue-drop`: mail that waits to leave. */
import type { QueueDestinationView, QueuedDestination, QueueView } from "../../contract/operator.ts";
import { parseDomain } from "../../mail/address/address.ts";
import type { AdminApi } from "../admin-api.ts";
import { shownName } from "./shown.ts";
import { table } from "./table.ts";
import { requireDomain } from "./values.ts";

/** A terminal is no place for more; the API has them all, by pages. */
const MOST_ROWS = 500;

export async function queue(api: AdminApi, [destination]: string[]): Promise<string[]> {
  return destination === undefined ? wholeQueue(api) : queueOf(api, asNamed(destination));
}

export async function queueRetry(api: AdminApi, [given = "", id]: string[]): Promise<string[]> {
  const destination = asNamed(given);
  if (id !== undefined) {
    await api.retrySubmission(destination, id);
    return [`${id} will be tried now`];
  }
  let [retried, left] = [0, 0];
  do {
    const part = await api.retryDestination(destination);
    retried += part.retried;
    left = part.left;
  } while (left > 0);
  return [`${retried} submissions to ${shownName(destination)} will be tried now`];
}

export async function queueDrop(api: AdminApi, [given = "", id = ""]: string[]): Promise<string[]> {
  const destination = asNamed(given);
  await api.dropSubmission(destination, id);
  return [`${id} is given up at ${shownName(destination)}; its sender is told`];
}

async function wholeQueue(api: AdminApi): Promise<string[]> {
  const first = await api.queue(null);
  const destinations = [...first.destinations];
  for (let { next_cursor } = first; next_cursor !== null && destinations.length < MOST_ROWS; ) {
    const page: QueueView = await api.queue(next_cursor);
    destinations.push(...page.destinations);
    next_cursor = page.next_cursor;
  }
  const { totals, dead_letters, queues } = first;
  const { outbound } = queues;
  return [
    ...(destinations.length === 0 ? ["Nothing waits"] : table(HEAD, destinations.map(row))),
    "",
    `${totals.recipients} recipients of ${totals.submissions} submissions wait, at ${totals.destinations} destinations` +
      (totals.destinations > destinations.length ? `, of which ${destinations.length} are shown` : ""),
    ...(outbound === null ? [] : [`${outbound.messages} messages are in the outbound queue`]),
    ...(dead_letters === 0 ? [] : [`${dead_letters} dead letters: npm run admin -- dead-letters`]),
  ];
}

const HEAD = ["DESTINATION", "RECIPIENTS", "SUBMISSIONS", "SINCE", "PACE", "MOSTLY BECAUSE"];

function row({ destination, recipients, submissions, oldest_at, throttle, causes }: QueuedDestination): string[] {
  const [cause] = causes;
  const because = cause === undefined ? "" : `${cause.status} ${cause.reply}`;
  const since = oldest_at?.slice(0, 16) ?? "";
  return [shownName(destination), String(recipients), String(submissions), since, pace(throttle), because];
}

function pace({ concurrency, per_minute, paused_until }: QueuedDestination["throttle"]): string {
  return paused_until === null
    ? `${concurrency} at once, ${per_minute} a minute`
    : `paused until ${paused_until.slice(0, 19)}`;
}

async function queueOf(api: AdminApi, destination: string): Promise<string[]> {
  const first = await api.queueOf(destination, null);
  const waiting = [...first.waiting];
  for (let { next_cursor } = first; next_cursor !== null && waiting.length < MOST_ROWS; ) {
    const page: QueueDestinationView = await api.queueOf(destination, next_cursor);
    waiting.push(...page.waiting);
    next_cursor = page.next_cursor;
  }
  const { submissions, recipients, throttle, running, causes } = first;
  const rows = waiting.map((one) => {
    const [since, next] = [one.first_deferred_at.slice(0, 16), one.next_attempt_at.slice(0, 16)];
    return [one.id, String(one.recipients), since, next, `${one.status} ${one.reply}`];
  });
  const why = causes.map((one) => [String(one.recipients), one.status, one.reply]);
  return [
    `${shownName(destination)}: ${recipients} recipients of ${submissions} submissions wait; ${pace(throttle)}, ${running} now`,
    ...(why.length === 0 ? [] : ["", ...table(["RECIPIENTS", "STATUS", "FOR EXAMPLE"], why)]),
    ...(rows.length === 0 ? [] : ["", ...table(["ID", "RECIPIENTS", "SINCE", "NEXT", "BECAUSE"], rows)]),
    ...(submissions > waiting.length ? ["", `${waiting.length} are shown`] : []),
  ];
}

/** The name that the mesh has for it, whichever way it was typed. */
function asNamed(text: string): string {
  requireDomain(text);
  const domain = parseDomain(text);
  return domain.ok ? domain.value : text;
}
