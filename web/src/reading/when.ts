/** When an event is, in the reader's language and time zone. */
import { regional } from "../language/dates.ts";
import type { CalendarEvent, EventTime } from "./calendar-event.ts";

export function whenOf({ start, end }: Pick<CalendarEvent, "start" | "end">, language: string): string {
  if (start === null) return "";
  const format = new Intl.DateTimeFormat(
    regional(language),
    start.isDay ? { dateStyle: "full" } : { dateStyle: "full", timeStyle: "short" },
  );
  if (end === null) return format.format(momentOf(start));
  return format.formatRange(momentOf(start), momentOf(end));
}

/** A day is the same day everywhere. */
const momentOf = ({ isDay, local, date }: EventTime): Date =>
  isDay ? new Date(local.year, local.month - 1, local.day) : date;
