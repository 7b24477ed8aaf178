/**
 * When a message that did not leave is tried again, when its sender hears that it is late, and when that ends
 * (RFC 5321 §4.5.4.1). Everything counts from the moment the message was to leave.
 */

/** What a deployment may set: see ObjectEnv. */
export interface RetrySettings {
  RETRY_DELAYS_SECONDS?: string;
  RETRY_FOR_SECONDS?: string;
  DELAY_NOTICE_SECONDS?: string;
  UNCERTAIN_DELAY_SECONDS?: string;
}

/** Seconds between the first tries, each twice the one before; later ones wait for the last. */
const DELAYS = [1, 2, 4, 8, 16, 32, 64, 128, 240].map((minutes) => minutes * 60);
/** RFC 5321 §4.5.4.1 asks for four to five days at least. */
const RETRY_FOR = 4 * 24 * 3600;
const DELAY_NOTICE = 4 * 3600;
/**
 * After a hand-over that was not answered. RFC 5321 §4.5.3.2.6 gives a server ten minutes to answer the last dot, in which
 * it may still accept: to be there again before its own work has come to an end makes the second copy (RFC 1047).
 */
const UNCERTAIN_DELAY = 15 * 60;
/** Each unanswered hand-over doubles the wait for the next, up to this: each may be a copy. */
const MAX_UNCERTAIN_DELAY = 4 * 3600;

export interface RetrySchedule {
  /** The time of the next try after `attempts` tries, in milliseconds. */
  retryAt(attempts: number, sendAt: number, now: number): number;
  /** Not before this is a recipient tried again who was last handed over, for the `count`th time, at `since`. */
  certainAt(count: number, since: number): number;
  /** When it was tried for long enough. */
  overAt(sendAt: number): number;
  /** Its sender should know that it is not there yet. */
  isLate(sendAt: number, now: number): boolean;
}

/** Up to a fifth is added by chance, so that a relay that comes back is not met by everyone at once. */
export function retrySchedule(settings: RetrySettings, random: () => number = Math.random): RetrySchedule {
  const delays = numbersIn(settings.RETRY_DELAYS_SECONDS, DELAYS);
  const retryFor = milliseconds(settings.RETRY_FOR_SECONDS, RETRY_FOR);
  const noticeAfter = milliseconds(settings.DELAY_NOTICE_SECONDS, DELAY_NOTICE);
  const uncertain = milliseconds(settings.UNCERTAIN_DELAY_SECONDS, UNCERTAIN_DELAY);
  const longest = Math.max(uncertain, MAX_UNCERTAIN_DELAY * 1000);
  return {
    retryAt(attempts, sendAt, now) {
      const seconds = delays[Math.min(Math.max(attempts, 1), delays.length) - 1] ?? 0;
      const at = Math.round(now + seconds * 1000 * (1 + random() / 5));
      // The notice and the end come when they are due, and not hours later with the next try.
      const marks = [sendAt + noticeAfter, sendAt + retryFor].filter((mark) => mark > now);
      return Math.min(at, ...marks);
    },
    certainAt: (count, since) => since + Math.min(uncertain * 2 ** Math.max(count - 1, 0), longest),
    overAt: (sendAt) => sendAt + retryFor,
    isLate: (sendAt, now) => now - sendAt >= noticeAfter,
  };
}

function numbersIn(setting: string | undefined, otherwise: number[]): number[] {
  const wanted = (setting ?? "")
    .split(",")
    .map(Number)
    .filter((seconds) => seconds > 0);
  return wanted.length > 0 ? wanted : otherwise;
}

function milliseconds(setting: string | undefined, otherwise: number): number {
  const [seconds = otherwise] = numbersIn(setting, [otherwise]);
  return seconds * 1000;
}
