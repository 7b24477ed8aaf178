/**
 * Mail that waits to leave, as an operator sees it, and what an operator may do about it. The list comes from the
 * Directory, half a minute old at most; one destination from its object; what is done is done in the Mailboxes, where the truth is.
 */
import { Failure, notFound } from "../../contract/failure.ts";
import { UserId } from "../../contract/ids.ts";
import {
  DIRECTORY,
  parseQueuedId,
  QUEUE_POINT_SECONDS,
  type QueueDestinationView,
  type QueuedDestination,
  type QueueHistory,
  type QueueView,
  queuedId,
} from "../../contract/operator.ts";
import type { Entry } from "../../durable-objects/directory/entries.ts";
import { parseDomain } from "../../mail/address/address.ts";
import { operate } from "../accounts/operate.ts";
import type { Env } from "../env.ts";
import { countResult } from "../outbound/destinations.ts";
import { backlog } from "./backlog.ts";
import { countDeadLetters } from "./dead-letters.ts";

/** Two calls for each, and a request may make a thousand. */
const HURRIED_AT_ONCE = 400;

export interface Page {
  limit: number;
  cursor?: string | undefined;
}

export async function viewQueue(env: Env, { limit, cursor }: Page): Promise<QueueView> {
  const directory = env.DIRECTORY.getByName(DIRECTORY);
  const [totals, entries, deadLetters, inbound, outbound] = await Promise.all([
    directory.totals(),
    directory.waitingPage(cursor === undefined ? null : directoryCursor(cursor), limit + 1),
    countDeadLetters(env),
    backlog(env.INBOUND),
    backlog(env.OUTBOUND),
  ]);
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return {
    totals: { ...totals, oldest_at: isoOrNull(totals.oldest_at) },
    destinations: page.map(viewEntry),
    next_cursor: entries.length > limit && last ? `${last.recipients}.${last.name}` : null,
    dead_letters: deadLetters,
    queues: { inbound, outbound },
  };
}

function viewEntry({ name, submissions, recipients, oldest_at, causes, ...throttle }: Entry): QueuedDestination {
  const view = { destination: name, submissions, recipients, oldest_at: isoOrNull(oldest_at), causes };
  return { ...view, throttle: viewThrottle(throttle) };
}

function viewThrottle(throttle: Pick<Entry, "concurrency" | "per_minute" | "paused_until">) {
  const { concurrency, per_minute, paused_until } = throttle;
  return {
    concurrency: Math.floor(concurrency),
    per_minute: Math.floor(per_minute),
    paused_until: paused_until > Date.now() ? iso(paused_until) : null,
  };
}

export async function viewDestination(env: Env, given: string, page: Page): Promise<QueueDestinationView> {
  const { limit, cursor } = page;
  const name = requireDestination(given);
  const after = cursor === undefined ? null : numbersOf(cursor);
  const found = await env.DESTINATION.getByName(name).describe(after, limit + 1);
  if (found === null) throw notFound("destination");
  const { waiting, throttle, oldest_at, submissions, recipients, causes } = found;
  const last = waiting.length > limit ? waiting[limit - 1] : undefined;
  return {
    ...{ destination: name, submissions, recipients, causes },
    oldest_at: isoOrNull(oldest_at),
    throttle: viewThrottle(throttle),
    running: throttle.running,
    waiting: waiting.slice(0, limit).map(({ user_id, submission_id, first_deferred_at, next_attempt_at, ...row }) => ({
      ...row,
      id: queuedId(user_id, submission_id),
      user_id: UserId.parse(user_id),
      first_deferred_at: iso(first_deferred_at),
      next_attempt_at: iso(next_attempt_at),
    })),
    next_cursor: last ? `${last.first_deferred_at}.${last.submission_id}` : null,
  };
}

export async function viewHistory(env: Env, since: string | undefined): Promise<QueueHistory> {
  const from = since === undefined ? 0 : Date.parse(since);
  const points = await env.DIRECTORY.getByName(DIRECTORY).pointsSince(from);
  return { interval_seconds: QUEUE_POINT_SECONDS, points: points.map(({ at, ...seen }) => ({ at: iso(at), ...seen })) };
}

/** All that waits for a destination is due now, as much of it as a request can do; its throttle forgets what it learned. */
export async function retryDestination(env: Env, given: string): Promise<{ retried: number; left: number }> {
  const name = requireDestination(given);
  const hurried = await env.DESTINATION.getByName(name).hurry(name, HURRIED_AT_ONCE);
  if (hurried === null) throw notFound("destination");
  const { keys, left } = hurried;
  const done = await Promise.all(
    keys.map(({ user_id, submission_id }) => env.MAILBOX.getByName(user_id).retryNow(submission_id)),
  );
  return { retried: done.filter(Boolean).length, left };
}

/** One submission is due now, with all its recipients. What is being sent already, or on the queue, is left alone. */
export async function retrySubmission(env: Env, id: string): Promise<void> {
  const { user_id, submission_id } = parseQueuedId(id);
  const mailbox = env.MAILBOX.getByName(user_id);
  if ((await mailbox.openSubmission(submission_id)) === null) throw notFound("submission");
  await mailbox.retryNow(submission_id);
}

/** Its recipients in this domain have failed, and the sender is told. */
export async function dropSubmission(env: Env, given: string, id: string): Promise<void> {
  const name = requireDestination(given);
  const key = parseQueuedId(id);
  const recipients = await operate(env, key.user_id, (operator) => operator.giveUp(key.submission_id, name));
  await env.DESTINATION.getByName(name).noLongerWaits(name, key);
  await countResult(env, name, "failed", recipients);
}

function requireDestination(given: string): string {
  const domain = parseDomain(given);
  if (!domain.ok) throw notFound("destination");
  return domain.value;
}

function directoryCursor(cursor: string): [number, string] {
  const [, recipients, name] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (name === undefined) throw badCursor();
  return [Number(recipients), name];
}

function numbersOf(cursor: string): [number, number] {
  const [, since, id] = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor) ?? [];
  if (id === undefined) throw badCursor();
  return [Number(since), Number(id)];
}

const badCursor = () => new Failure("bad_cursor", "This is not a cursor that an answer gave.");

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));
