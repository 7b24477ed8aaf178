/** When a deferred submission is tried again, and when that ends (RFC 5321 §4.5.4.1). */

/** From the moment it was to leave. The RFC asks for four to five days at least. */
export const RETRY_FOR_MS = 4 * 24 * 3_600_000;

/** Seconds between the first tries; later ones wait for the last. */
const DELAYS = [10, 60, 5 * 60, 15 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600];

/** The time of the next try after `attempts` tries, in milliseconds. */
export type RetrySchedule = (attempts: number, now: number) => number;

/**
 * The schedule of a deployment: RETRY_DELAYS_SECONDS (`"10,60,300"`) or the delays above. Up to a fifth is added by
 * chance, so that a relay that comes back is not met by everyone at once.
 */
export function retrySchedule(setting: string | undefined, random: () => number = Math.random): RetrySchedule {
  const wanted = (setting ?? "")
    .split(",")
    .map(Number)
    .filter((seconds) => seconds > 0);
  const delays = wanted.length > 0 ? wanted : DELAYS;
  return (attempts, now) => {
    const seconds = delays[Math.min(Math.max(attempts, 1), delays.length) - 1] ?? 0;
    return Math.round(now + seconds * 1000 * (1 + random() / 5));
  };
}
