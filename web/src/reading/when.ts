/** When an event is, in the reader's language and time zone. */
import { regional } from "../language/dates.ts";
import { timeZone } from "../language/time-zone.ts";
import type { CalendarEvent, EventTime } from "./calendar-event.ts";

export function whenOf({ start, end }: Pick<CalendarEvent, "start" | "end">, language: string): string {
  if (start === null) return "";
  const format = new Intl.DateTimeFormat(regional(language), {
    dateStyle: "full",
    ...(start.isDay ? {} : { timeStyle: "short" }),
    timeZone: zoneOf(start),
  });
  return end === null ? format.format(start.date) : format.formatRange(start.date, end.date);
}

/** What stands on its leaf of the calendar. */
export function leafOf(time: EventTime, language: string): { day: string; month: string; weekday: string } {
  const say = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(regional(language), { ...options, timeZone: zoneOf(time) }).format(time.date);
  return { day: say({ day: "numeric" }), month: say({ month: "short" }), weekday: say({ weekday: "short" }) };
}

const zoneOf = ({ isDay }: EventTime): string => (isDay ? "UTC" : timeZone());
