/** When a snoozed message may come back, as somebody would say it. Times that are over, or the same, are not offered. */
import { hourOfDay, inZone } from "../language/local-time.ts";

export type SnoozeTime = "laterToday" | "thisEvening" | "tomorrow" | "weekend" | "nextWeek";

const MORNING = 8;
const EVENING = 18;
const SATURDAY = 6;
const MONDAY = 1;

/** In the reader's own time zone. */
export function snoozeTimes(now: Date): [SnoozeTime, Date][] {
  const at = (days: number, hour: number) => hourOfDay(now, days, hour);
  const today = inZone(now).getDay();
  const until = (weekday: number) => (weekday - today + 7) % 7 || 7;
  const later = at(0, inZone(now).getHours() + 3);
  const times: [SnoozeTime, Date, boolean][] = [
    ["laterToday", later, later < at(0, EVENING)],
    ["thisEvening", at(0, EVENING), now < at(0, EVENING - 1)],
    ["tomorrow", at(1, MORNING), true],
    ["weekend", at(until(SATURDAY), MORNING), today >= MONDAY && today < SATURDAY - 1],
    ["nextWeek", at(until(MONDAY), MORNING), until(MONDAY) > 1],
  ];
  return times.filter(([, , isOffered]) => isOffered).map(([name, date]) => [name, date]);
}
