/**
 * How fast one destination takes mail: how many transactions may run at once, and begin in a minute. A state machine
 * without a clock and without storage.
 *
 * Up slowly and down fast, as TCP does and as Postfix's queue manager does: a transaction that went well adds its part
 * of one more, so that a whole round of them adds one; a destination that pushes back halves how many run at once, and
 * where only one ran, how many begin in a minute: most servers limit the first, and a rate cut for it would hold back mail
 * for nothing. What it refused at is remembered: for some minutes growth stops one below, since a server with a fixed
 * limit would otherwise be driven into it again and again. After a second 421 in a row nothing is sent for a while, longer
 * each time; what begins then begins with one.
 */

/** Where a destination that nobody knows begins, and where growth ends (Postfix's defaults). */
export const FIRST_CONCURRENCY = 5;
export const MAX_CONCURRENCY = 20;
/** In effect none: how many at once is what holds mail back, until a destination has pushed back against one at a time. */
export const MAX_PER_MINUTE = 60_000;
const MIN_PER_MINUTE = 6;
/** Of a minute's rate that was cut, this part comes back with each transaction: a quarter more each minute. */
const RATE_GROWTH = 0.25;
const MINUTE_MS = 60_000;
/** How long what it refused at is not tried again. */
export const PROBE_AFTER_MS = 5 * MINUTE_MS;
export const FIRST_PAUSE_MS = 15_000;
export const MAX_PAUSE_MS = 30 * MINUTE_MS;

export interface Throttle {
  concurrency: number;
  per_minute: number;
  refused_at_concurrency: number | null;
  refused_at: number;
  strikes: number;
  paused_until: number;
  minute_began: number;
  started: number;
  started_before: number;
}

export const newThrottle = (): Throttle => ({
  concurrency: FIRST_CONCURRENCY,
  per_minute: MAX_PER_MINUTE,
  refused_at_concurrency: null,
  refused_at: 0,
  strikes: 0,
  paused_until: 0,
  minute_began: 0,
  started: 0,
  started_before: 0,
});

export type Verdict = { go: true } | { go: false; why: "paused" | "rate"; until: number } | { go: false; why: "busy" };

/** Whether one more may begin beside those that run. */
export function mayBegin(throttle: Throttle, running: number, now: number): Verdict {
  if (now < throttle.paused_until) return { go: false, why: "paused", until: throttle.paused_until };
  const { started, minute_began } = turnMinute(throttle, now);
  if (started >= Math.floor(throttle.per_minute)) return { go: false, why: "rate", until: minute_began + MINUTE_MS };
  return running < Math.floor(throttle.concurrency) ? { go: true } : { go: false, why: "busy" };
}

export function begun(throttle: Throttle, now: number): Throttle {
  const turned = turnMinute(throttle, now);
  return { ...turned, started: turned.started + 1 };
}

function turnMinute(throttle: Throttle, now: number): Throttle {
  const passed = now - throttle.minute_began;
  if (passed >= 0 && passed < MINUTE_MS) return throttle;
  return { ...throttle, minute_began: now, started: 0, started_before: passed < 2 * MINUTE_MS ? throttle.started : 0 };
}

/** What a transaction says about the destination: it took mail, wants less of it, wants none for now, or nothing. */
export type Signal = "well" | "slower" | "stop" | "none";

export interface Ended {
  signal: Signal;
  granted_at: number;
  /** How many ran, this one among them. */
  running: number;
}

export function ended(throttle: Throttle, { signal, granted_at, running }: Ended, now: number): Throttle {
  if (signal === "well") return grown(throttle, now);
  // Those that began before the limits were cut say nothing new: one full house is one event, however many it turns away.
  if (signal === "none" || granted_at <= throttle.refused_at) return throttle;
  const strikes = signal === "stop" ? throttle.strikes + 1 : throttle.strikes;
  const pause = strikes < 2 || signal !== "stop" ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (strikes - 2), MAX_PAUSE_MS);
  return {
    ...throttle,
    strikes,
    concurrency: pause > 0 ? 1 : Math.max(1, Math.min(running, throttle.concurrency) / 2),
    per_minute: running > 1 ? throttle.per_minute : cutRate(throttle, now),
    refused_at_concurrency: running,
    refused_at: now,
    paused_until: Math.max(throttle.paused_until, now + pause),
  };
}

/** To half of what really began. A minute that has only just begun counts for what it would come to. */
function cutRate(throttle: Throttle, now: number): number {
  const passed = Math.max(1_000, Math.min(now - throttle.minute_began, MINUTE_MS));
  const lately = Math.max(throttle.started_before, (throttle.started * MINUTE_MS) / passed);
  return Math.max(MIN_PER_MINUTE, Math.min(throttle.per_minute, lately) / 2);
}

function grown(throttle: Throttle, now: number): Throttle {
  const { concurrency, per_minute, refused_at, refused_at_concurrency, strikes } = throttle;
  const isFresh = refused_at_concurrency !== null && now - refused_at < PROBE_AFTER_MS;
  const most = isFresh ? Math.min(MAX_CONCURRENCY, Math.max(1, refused_at_concurrency - 1)) : MAX_CONCURRENCY;
  return {
    ...throttle,
    // Not below what it is: what was refused at may lie lower, after several began before the first was refused.
    concurrency: Math.max(concurrency, Math.min(most, concurrency + 1 / concurrency)),
    per_minute: Math.min(MAX_PER_MINUTE, per_minute + RATE_GROWTH),
    strikes: Math.floor(strikes / 2),
  };
}
