/** A moment in a zone, told in parts (RFC 5260 §4.2). */

/** An instant, and minutes that the clocks were ahead of UTC where it was written. */
export interface Moment {
  time: number;
  offset: number;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `at` holds, read as UTC, what the clocks of the zone showed. */
const PARTS: Record<string, (at: Date, offset: number) => string> = {
  year: (at) => String(at.getUTCFullYear()).padStart(4, "0"),
  month: (at) => two(at.getUTCMonth() + 1),
  day: (at) => two(at.getUTCDate()),
  date: (at) => at.toISOString().slice(0, 10),
  // RFC 5260 Appendix A: days since 17 November 1858, UTC or not.
  julian: (at) => String(Math.floor(at.getTime() / 86_400_000) + 40_587),
  hour: (at) => two(at.getUTCHours()),
  minute: (at) => two(at.getUTCMinutes()),
  second: (at) => two(at.getUTCSeconds()),
  time: (at) => at.toISOString().slice(11, 19),
  iso8601: (at, offset) => `${at.toISOString().slice(0, 19)}${written(offset, ":")}`,
  std11: (at, offset) =>
    `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()} ${at.toISOString().slice(11, 19)} ${written(offset, "")}`,
  zone: (_at, offset) => written(offset, ""),
  weekday: (at) => String(at.getUTCDay()),
};

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const DATE_PARTS: readonly string[] = Object.keys(PARTS);

export function datePartOf({ time, offset }: Moment, part: string): string {
  return PARTS[part]?.(new Date(time + offset * 60_000), offset) ?? "";
}

function written(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`;
}

/** `+hhmm` in minutes; null for what is not written so. */
export function offsetOf(text: string): number | null {
  const found = /^([+-])(\d{2})([0-5]\d)$/.exec(text);
  if (found === null || Number(found[2]) > 23) return null;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === "-" ? -minutes : minutes;
}

/** The offset that a date field names last; UTC where it names none. */
export function offsetIn(text: string): number {
  const named = [...text.replace(/\([^)]*\)/g, " ").matchAll(/[+-]\d{4}/g)].at(-1)?.[0];
  return offsetOf(named ?? "") ?? 0;
}
