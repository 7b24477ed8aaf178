/**
 * Dates and ages as people write them into a search, and the moments that they stand for. No clock is read here: what
 * is now, and where the user is, are arguments.
 */

/** A day, a month or a year of the calendar, as far as it was given. Months count from 1. */
export interface CalendarDate {
  year: number;
  month: number | null;
  day: number | null;
}

const DATE = /^(\d{4})(?:([-/])(\d{1,2})(?:\2(\d{1,2}))?)?$/u;

/** YYYY-MM-DD, YYYY/MM/DD, and the same without a day, or without a month. */
export function parseCalendarDate(text: string): CalendarDate | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  const month = match[3] === undefined ? null : Number(match[3]);
  const day = match[4] === undefined ? null : Number(match[4]);
  if (year < 1970) return null;
  const first = new Date(Date.UTC(year, (month ?? 1) - 1, day ?? 1));
  // A date that the calendar does not have rolls over into another month.
  const isReal =
    first.getUTCFullYear() === year && first.getUTCMonth() === (month ?? 1) - 1 && first.getUTCDate() === (day ?? 1);
  return isReal ? { year, month, day } : null;
}

export function printCalendarDate({ year, month, day }: CalendarDate): string {
  const numbers = [String(year).padStart(4, "0")];
  if (month !== null) numbers.push(String(month).padStart(2, "0"));
  if (month !== null && day !== null) numbers.push(String(day).padStart(2, "0"));
  return numbers.join("-");
}

const DAY_MS = 24 * 3_600_000;

/**
 * The first moment of the date in a time zone (a name that Intl knows), in milliseconds since 1970.
 *
 * A clock may be set forward over midnight, so that the day begins at one o'clock, or back over it, so that the evening
 * before comes twice. Both offsets from around midnight are tried, and the first moment at which the clock on the wall
 * has come to the date is the one.
 */
export function startOfDate({ year, month, day }: CalendarDate, timeZone: string): number {
  const midnight = Date.UTC(year, (month ?? 1) - 1, day ?? 1);
  if (timeZone === "UTC") return midnight;
  const wall = wallClock(timeZone);
  const candidates = [-DAY_MS, DAY_MS].map((shift) => {
    const nearby = midnight + shift;
    return midnight - (wall(nearby) - nearby);
  });
  const [earlier, later] = [Math.min(...candidates), Math.max(...candidates)];
  return wall(earlier) >= midnight ? earlier : later;
}

/** What a clock on the wall shows at a moment, as if it were UTC. */
function wallClock(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" },
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
  });
  return (moment) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = PARTS.map((part) => parts.get(part));
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}
const PARTS = ["year", "month", "day", "hour", "minute", "second"] as const;

/** How long ago: days, weeks, months or years. */
export interface Age {
  count: number;
  unit: "d" | "w" | "m" | "y";
}

const AGE = /^(\d{1,4})([dwmy])$/iu;
const UNITS: Record<string, Age["unit"]> = { d: "d", w: "w", m: "m", y: "y" };

export function parseAge(text: string): Age | null {
  const [, count = "", letter = ""] = AGE.exec(text) ?? [];
  const unit = UNITS[letter.toLowerCase()];
  return unit === undefined ? null : { count: Number(count), unit };
}

export const printAge = ({ count, unit }: Age): string => `${count}${unit}`;

/** Days have 24 hours. Months and years go back on the calendar, from the 31st to the last day that there is. */
export function momentOfAge({ count, unit }: Age, now: number): number {
  if (unit === "d" || unit === "w") return now - count * DAY_MS * (unit === "w" ? 7 : 1);
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - count * (unit === "y" ? 12 : 1));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, lastDay));
}
